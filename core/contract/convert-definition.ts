/** What the Glue job `convert` takes and gives: an object that is too large for one Lambda, framed and not yet read. */
import type { DataFile, LedgerEntry } from '../lake/ledger.ts';
import { rejectionsPlan } from '../lake/rejections.ts';
import type { DatasetPlan } from './plan.ts';
import { type SparkStruct, sparkSchema } from './spark-schema.ts';

/** The JSON file that `glue-scripts/convert.py` takes as `--definition`. */
export interface ConvertDefinition {
  readonly dataset: DatasetPlan;
  /** Stored columns. */
  readonly spark: SparkStruct;
  readonly rejections: SparkStruct;
  readonly rejectionsPartitionBy: string;
}

export function convertDefinition(plan: DatasetPlan): ConvertDefinition {
  const { name, description, key, partitionBy, columns, newestBy, retention, clean, maxRejectedShare } = plan;
  return {
    dataset: { name, description, key, partitionBy, columns, newestBy, retention, clean, maxRejectedShare },
    spark: sparkSchema(plan),
    rejections: sparkSchema(rejectionsPlan),
    rejectionsPartitionBy: rejectionsPlan.partitionBy,
  };
}

/** The JSON file that the job takes as `--order`. */
export interface ConvertOrder {
  readonly dataset: string;
  /** SHA-256 (hex) of the object's bytes. */
  readonly checksum: string;
  readonly name: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly receivedAt: string;
  /** Of the entry that is to be made, see `LedgerEntry`. */
  readonly revision?: number;
  readonly format: {
    readonly kind: 'csv' | 'json';
    /** Between two cells of a csv; empty for json. */
    readonly delimiter: string;
    /** Cells of every record of a csv. */
    readonly width: number;
    /** Column to the place of its cell, from 0. */
    readonly places: Readonly<Record<string, number>>;
  };
  readonly shards: readonly FramedShard[];
  /** What the job does not read, and the ledger says all the same. */
  readonly object: ReceivedObject;
}

/** One shard of `frameSource`, put into raw/. */
export interface FramedShard {
  /** Key in raw/; the last part of it is another one for each shard. */
  readonly key: string;
  /** Line of the object that the first line of the shard is. */
  readonly firstLine: number;
  readonly lines: number;
  readonly bytes: number;
}

/** The JSON file `result.json` that the job puts beside the order after all its data. */
export interface ConvertResult {
  readonly dataset: string;
  readonly checksum: string;
  readonly rowsIn: number;
  /** Rows in processed/, those of a key that came before included. */
  readonly stored: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly cleaned: Readonly<Record<string, number>>;
  readonly keyRange?: readonly [string, string];
  readonly files: readonly DataFile[];
  readonly rejectedFiles: readonly DataFile[];
}

/** What only framing and the receipt of the object know of it. */
export type ReceivedObject = Pick<LedgerEntry, 'sizeBytes' | 'format' | 'warnings' | 'rawKey'>;

/** The ledger entry of an object that the job has read. */
export function convertedEntry(order: ConvertOrder, result: ConvertResult): LedgerEntry {
  const { object } = order;
  const { rowsIn, stored, rejected, duplicates, rejectedByReason, cleaned, keyRange, files, rejectedFiles } = result;
  return {
    id: order.checksum,
    ...(order.revision !== undefined && { revision: order.revision }),
    dataset: order.dataset,
    source: 'batch',
    ...(object.rawKey !== undefined && { rawKey: object.rawKey }),
    name: order.name,
    sizeBytes: object.sizeBytes,
    receivedAt: order.receivedAt,
    ingestDate: order.receivedAt.slice(0, 10),
    rowsIn,
    accepted: stored - duplicates,
    rejected,
    duplicates,
    rejectedByReason,
    cleaned,
    format: object.format,
    warnings: object.warnings,
    ...(keyRange !== undefined && { keyRange }),
    files,
    rejectedFiles,
  };
}
