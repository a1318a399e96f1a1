import { createHash } from 'node:crypto';
import { type FeaturePlan, type FeatureRow, inputColumns } from '../../core/features/feature-plan.ts';
import { rocAuc } from '../../core/model/metrics.ts';
import { openEngine } from '../engine.ts';
import { openFileStore } from '../file-store.ts';

export interface TrainingRows {
  readonly rows: readonly FeatureRow[];
  /** SHA-256 of the rows' inputs and targets, in order. */
  readonly fingerprint: string;
  readonly warnings: readonly string[];
}

/** Fewest rows to train on, and fewest of either answer of a target. */
const LEAST_ROWS = 1000;
const LEAST_LABELS = 100;
/** Beyond this ROC AUC of the place in the file, somebody who splits unshuffled rows is deceived. */
const ORDER_AUC = 0.53;

/** Reads the curated rows of a lake in the order of their ids. Throws a sentence where they cannot be trained on. */
export async function readTrainingRows(lake: string, plan: FeaturePlan): Promise<TrainingRows> {
  const [dataset, targets] = [plan.dataset.name, plan.targets.map(({ column }) => column)];
  const names = [...new Set([...inputColumns(plan).map(({ name }) => name), ...targets])];
  const engine = await openEngine(await openFileStore(lake), [plan.dataset], { estimatesScans: false });
  let rows: FeatureRow[];
  try {
    const answer = await engine.query(
      `select ${names.join(', ')} from ${dataset} where ${targets.map((name) => `${name} is not null`).join(' and ')} order by ${plan.dataset.key.join(', ')}`,
    );
    rows = answer.rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]])));
  } finally {
    await engine.close();
  }
  const fingerprint = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return { rows, fingerprint, warnings: checkRows(plan, rows) };
}

/** Throws for rows that no model can be learnt from; returns warnings, with the figure. */
export function checkRows(plan: FeaturePlan, rows: readonly FeatureRow[]): string[] {
  if (rows.length < LEAST_ROWS) {
    throw new Error(`found ${rows.length} rows to train on, expected at least ${LEAST_ROWS}: take more files in first`);
  }
  return plan.targets.flatMap(({ column }) => {
    const labels = Uint8Array.from(rows, (row) => (row[column] === true ? 1 : 0));
    const hits = labels.reduce((sum, label) => sum + label, 0);
    const fewest = Math.min(hits, rows.length - hits);
    if (fewest < LEAST_LABELS) {
      const answer = hits < rows.length - hits ? 'true' : 'false';
      throw new Error(`${column} is ${answer} in ${fewest} of ${rows.length} rows, expected at least ${LEAST_LABELS}`);
    }
    const auc = rocAuc(
      labels,
      Float64Array.from(rows, (_, row) => row),
    );
    if (Math.abs(auc - 0.5) <= ORDER_AUC - 0.5) return [];
    return [
      `the order of the file tells ${column}: the place of a row alone has a ROC AUC of ${auc.toFixed(3)}; folds are shuffled, so no figure here profits from it`,
    ];
  });
}
