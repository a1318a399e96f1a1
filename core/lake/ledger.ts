/**
 * The ledger: one entry for each object that was taken in. An entry is written by a conditional put, after all its
 * data; it is also the manifest, and readers see only files that an entry names. Only a backfill and an erasure replace
 * it, by a revision that names other files.
 */

/** A data file that an entry names, with what readers need to skip it. */
export interface DataFile {
  /** Key within its zone. */
  readonly key: string;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** Rows in = accepted + rejected + duplicates, always. */
export interface Counts {
  readonly rowsIn: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Rows whose key came earlier in the same object; stored in processed/, left out of curated/. */
  readonly duplicates: number;
}

/** That a person's rows left an object. Nothing in it says whose they were, or which. */
export interface EntryErasure {
  /** Number of the erasure among those of the dataset; its record has the rows. */
  readonly erasure: number;
  /** ISO, UTC. */
  readonly at: string;
  /** SHA-256 (hex) of the raw object without them; absent where none is left or none was there. */
  readonly rawChecksum?: string;
}

export interface LedgerEntry extends Counts {
  /** SHA-256 (hex) of the object's bytes as they were received; also the last part of the entry's key. */
  readonly id: string;
  /** How often its rows were made again by other rules; absent for the first ones. Each revision has other files. */
  readonly revision?: number;
  readonly dataset: string;
  readonly source: 'batch' | 'stream';
  /** Key of the object in raw/, absent for a batch of stream records. */
  readonly rawKey?: string;
  /** Id of the entry whose rejected rows these are, tried again: they stand among its rows in already. */
  readonly replayOf?: string;
  /** Of a replay: which rejected rows passed, by line, or by digest where they have none. */
  readonly replayed?: readonly string[];
  /** Name the object had where it came from. */
  readonly name: string;
  readonly sizeBytes: number;
  /** When the object was received (ISO, UTC); every row's `ingested_at`. */
  readonly receivedAt: string;
  /** Day of `receivedAt`: the partition of its rows. */
  readonly ingestDate: string;
  /** Reason code (`column:rule`, or `row:…`) to rows. */
  readonly rejectedByReason: Readonly<Record<string, number>>;
  /** Cleaning rule to the rows it changed. */
  readonly cleaned: Readonly<Record<string, number>>;
  /** How the bytes were read, such as `csv, latin-1, crlf, gzip`. */
  readonly format: string;
  /** Things worth a look that rejected no row, such as an unknown extra column. */
  readonly warnings: readonly string[];
  /** Checksums of the files that streamed rows say they come from, so that a row sent twice is seen; absent without. */
  readonly sources?: readonly string[];
  /** Smallest and largest first key column, to see which objects can share a key; absent without accepted rows. */
  readonly keyRange?: readonly [string, string];
  /** Rows that were erased since it was received, in no other count; absent where none were. */
  readonly erasedRows?: number;
  /** The erasures of these rows, oldest first. */
  readonly erasures?: readonly EntryErasure[];
  /** Files in processed/. */
  readonly files: readonly DataFile[];
  /** Files in rejected/. */
  readonly rejectedFiles: readonly DataFile[];
}

/** What an entry says of erasures, to be said as well by the one that takes its place. */
export function erasedOf({ erasedRows, erasures }: LedgerEntry): Pick<LedgerEntry, 'erasedRows' | 'erasures'> {
  return { ...(erasedRows && { erasedRows }), ...(erasures && { erasures }) };
}
