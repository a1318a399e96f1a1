import type { Counts, LedgerEntry } from '../core/lake/ledger.ts';
import type { CuratedTable } from './curate.ts';

/** What a run did, as `run --json` prints it. Rows in = accepted + rejected + duplicates. */
export interface RunSummary extends Counts {
  readonly dataset: string;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly cleaned: Readonly<Record<string, number>>;
  /** Wall time of the whole run. */
  readonly seconds: number;
  readonly stages: readonly StageTime[];
  readonly inputs: readonly InputSummary[];
  readonly curated: readonly CuratedTable[];
  /** Where things lie: absolute paths. */
  readonly files: {
    readonly lake: string;
    readonly processed: string;
    readonly rejected: string;
    readonly curated: string;
  };
}

export interface StageTime {
  readonly name: StageName;
  readonly seconds: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
}

/** `receive`: checksum and copy to raw/. `convert`: to processed/ and rejected/. `curate`: to curated/. */
export type StageName = 'receive' | 'convert' | 'curate';

export interface InputSummary extends Counts {
  readonly name: string;
  readonly status: 'taken in' | 'already in the lake';
  readonly id: string;
  readonly format: string;
  readonly warnings: readonly string[];
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly cleaned: Readonly<Record<string, number>>;
}

export function inputSummary(name: string, status: InputSummary['status'], entry: LedgerEntry): InputSummary {
  const { id, format, warnings, rowsIn, accepted, rejected, duplicates, rejectedByReason, cleaned } = entry;
  return { name, status, id, format, warnings, rowsIn, accepted, rejected, duplicates, rejectedByReason, cleaned };
}

/** Counts over all inputs; the same bytes given twice count once. */
export function addUp(inputs: readonly InputSummary[]): Counts & Pick<RunSummary, 'rejectedByReason' | 'cleaned'> {
  const distinct = [...new Map(inputs.map((input) => [input.id, input])).values()];
  const total = (count: (input: InputSummary) => number) => distinct.reduce((sum, input) => sum + count(input), 0);
  return {
    rowsIn: total((input) => input.rowsIn),
    accepted: total((input) => input.accepted),
    rejected: total((input) => input.rejected),
    duplicates: total((input) => input.duplicates),
    rejectedByReason: addByName(distinct.map((input) => input.rejectedByReason)),
    cleaned: addByName(distinct.map((input) => input.cleaned)),
  };
}

/** The largest first. */
function addByName(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, rows] of counts.flatMap((one) => Object.entries(one))) sums.set(name, (sums.get(name) ?? 0) + rows);
  return Object.fromEntries([...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
