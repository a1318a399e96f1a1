import type { DatasetPlan } from '../contract/plan.ts';
import type { DataFile, LedgerEntry } from './ledger.ts';

export interface StreamEntryInput {
  readonly plan: DatasetPlan;
  /** SHA-256 (hex) of what was delivered. */
  readonly id: string;
  /** For people: which part of the stream it is. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Earliest `ingested_at` of the rows. */
  readonly receivedAt: string;
  /** Rows within `files`. */
  readonly rows: number;
  /** Different keys among them. */
  readonly keys: number;
  /** Smallest and largest first key column among them. */
  readonly keyRange?: readonly [string, string];
  /** Checksums of the files that the rows say they come from. */
  readonly sources?: readonly string[];
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly files: readonly DataFile[];
  readonly rejectedFiles: readonly DataFile[];
}

/**
 * The ledger entry of a part of a stream. A stream is no object that could be taken in whole, so its entries are cut
 * where its files are: one for each delivered file, and one for what a batch kept aside. Each adds up by itself, and
 * each row is in one of them.
 */
export function streamEntry(input: StreamEntryInput): LedgerEntry {
  const rejected = Object.values(input.rejectedByReason).reduce((sum, rows) => sum + rows, 0);
  return {
    id: input.id,
    dataset: input.plan.name,
    source: 'stream',
    name: input.name,
    sizeBytes: input.sizeBytes,
    receivedAt: input.receivedAt,
    ingestDate: input.receivedAt.slice(0, 10),
    rowsIn: input.rows + rejected,
    accepted: input.keys,
    rejected,
    duplicates: input.rows - input.keys,
    rejectedByReason: input.rejectedByReason,
    cleaned: {},
    format: 'json, stream',
    warnings: [],
    ...(input.keyRange === undefined ? {} : { keyRange: input.keyRange }),
    ...(input.sources === undefined || input.sources.length === 0 ? {} : { sources: input.sources }),
    files: input.files,
    rejectedFiles: input.rejectedFiles,
  };
}
