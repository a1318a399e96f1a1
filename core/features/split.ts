/** Folds for cross-validation: shuffled, stratified by all targets, rows that are equal to the model in one fold. */
import { createHash } from 'node:crypto';
import { type FeaturePlan, type FeatureRow, inputColumns } from './feature-plan.ts';

export const FOLDS = 5;
/** The fold whose rows are told by their own content, today and in every later training: see `splitRows`. */
export const EXAM = 0;

export interface Split {
  /** Fold of each row, 0 to `FOLDS - 1`. */
  readonly folds: Uint8Array;
  /** Rows with one number here are equal in every input column. */
  readonly groups: Int32Array;
  /** For each combination of targets, the greatest hash share in the exam: above it, rows were trained on. */
  readonly examShares: Readonly<Record<string, number>>;
}

interface Group {
  readonly share: number;
  /** For each target, whether any row of the group has it. */
  readonly labels: boolean[];
}

/**
 * Of each combination of targets, the fifth of the groups with the lowest hashes goes to fold 0, the exam; the others
 * are dealt to the other folds in the order of their hashes. A row that comes again in another file lies in the exam
 * again, but for a few at the edge, so that a candidate and an older champion can both be examined on rows that neither
 * was trained on: see `wasExamined`.
 */
export function splitRows(plan: FeaturePlan, rows: readonly FeatureRow[]): Split {
  const columns = inputColumns(plan).map(({ name }) => name);
  const targets = plan.targets.map(({ column }) => column);
  const numbers = new Map<string, number>();
  const held: Group[] = [];
  const groups = Int32Array.from(rows, (row) => {
    const text = JSON.stringify(columns.map((name) => row[name] ?? null));
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    held[number] ??= { share: hashShare(text), labels: targets.map(() => false) };
    const { labels } = held[number];
    for (const [place, target] of targets.entries()) labels[place] ||= row[target] === true;
    return number;
  });
  const { folds, examShares } = deal(held);
  return { groups, examShares, folds: Uint8Array.from(groups, (group) => folds[group] ?? 0) };
}

/** Which rows an earlier model, split by `examShares`, can be examined on too. */
export function wasExamined(
  plan: FeaturePlan,
  rows: readonly FeatureRow[],
  examShares: Readonly<Record<string, number>>,
): (row: number) => boolean {
  const columns = inputColumns(plan).map(({ name }) => name);
  return (place) => {
    const row = rows[place] ?? {};
    const labels = plan.targets.map(({ column }) => row[column] === true);
    const share = hashShare(JSON.stringify(columns.map((name) => row[name] ?? null)));
    return share <= (examShares[String(labels)] ?? 0);
  };
}

/** Share of the unit interval at which a text lies; equally spread over texts. */
export function hashShare(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

function deal(groups: readonly Group[]) {
  const folds = new Uint8Array(groups.length);
  const examShares: Record<string, number> = {};
  const strata = new Map<string, number[]>();
  for (const [number, { labels }] of groups.entries()) {
    const stratum = String(labels);
    const held = strata.get(stratum);
    if (held === undefined) strata.set(stratum, [number]);
    else held.push(number);
  }
  for (const [stratum, members] of strata) {
    members.sort((a, b) => (groups[a]?.share ?? 0) - (groups[b]?.share ?? 0));
    const exam = Math.round(members.length / FOLDS);
    examShares[stratum] = groups[members[exam - 1] ?? -1]?.share ?? 0;
    for (const [rank, number] of members.entries()) {
      folds[number] = rank < exam ? EXAM : 1 + ((rank - exam) % (FOLDS - 1));
    }
  }
  return { folds, examShares };
}
