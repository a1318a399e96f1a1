import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type BulkSource, bulkSql } from '../../core/contract/bulk-sql.ts';
import { type DatasetPlan, sourceColumns } from '../../core/contract/plan.ts';
import { compilePseudonymiser, type PseudonymKey } from '../../core/etl/pseudonym.ts';
import { compileRowReader } from '../../core/etl/read-row.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { readEntry } from '../../core/lake/read-ledger.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import type { ObjectStore, OnProgress, Zone } from '../../core/ports.ts';
import { type DuckDB, openDuckDB } from '../shared/duckdb.ts';
import { convertShard, type ShardOutcome, type ShardWork } from './convert-shard.ts';
import { type FramedSource, frameSource, type Shard } from './frame-source.ts';
import { keysOf } from './keys-of-parts.ts';
import { headerWarnings, knownHeader } from './known-header.ts';
import { mergeParts } from './merge-parts.ts';
import { setPseudonymKey } from './pseudonym-variables.ts';
import type { Part } from './row-sink.ts';

export interface ConvertInput {
  readonly plan: DatasetPlan;
  /** The object as a local file. */
  readonly path: string;
  /** SHA-256 (hex) of its bytes. */
  readonly checksum: string;
  /** Name it had where it came from. */
  readonly name: string;
  readonly rawKey?: string;
  /** What was erased of the object before it came again: its bytes are what was left of those of the checksum. */
  readonly erased?: Pick<LedgerEntry, 'erasedRows' | 'erasures'>;
  readonly sizeBytes: number;
  /** When it was received; `ingested_at` of every row. */
  readonly receivedAt: Date;
  readonly store: ObjectStore;
  /** A folder for temporary files, best on the store's file system. */
  readonly scratch: string;
  readonly pseudonymKey: PseudonymKey;
  readonly onProgress?: OnProgress | undefined;
  /** Shards that are worked on at a time. Default 2. */
  readonly threads?: number;
  /** Most memory of DuckDB in all. Default 384. */
  readonly memoryLimitMiB?: number;
}

const THREADS = 2;
const MEMORY_LIMIT_MIB = 384;

/**
 * Takes one object into the lake: typed Parquet in processed/, refused rows in rejected/, and an entry in the ledger,
 * put last and once. An object that the ledger knows already changes nothing; its entry is returned.
 *
 * Throws `RefusedObject`, and leaves nothing, where the object is no table of this dataset.
 */
export async function convertObject(input: ConvertInput): Promise<LedgerEntry> {
  const known = await readEntry(input.store, input.plan.name, input.checksum);
  if (known !== undefined) return known;
  const scratch = join(input.scratch, `convert-${input.checksum.slice(0, 16)}`);
  await mkdir(scratch, { recursive: true });
  try {
    return await putEntry(input.store, await putConverted(input, await convertToParts(input, scratch)));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** An object that was converted, none of which is in the lake yet. */
export interface Converted {
  /** Its entry but for the keys of its files. */
  readonly facts: Omit<LedgerEntry, 'files' | 'rejectedFiles' | 'revision'>;
  /** Files in the scratch folder. */
  readonly files: readonly Part[];
  readonly rejectedFiles: readonly Part[];
}

/** Converts an object into files of an existing scratch folder. Throws `RefusedObject` as `convertObject` does. */
export async function convertToParts(input: Omit<ConvertInput, 'store'>, scratch: string): Promise<Converted> {
  const { plan, checksum, threads = THREADS, memoryLimitMiB = MEMORY_LIMIT_MIB } = input;
  const source = await frameSource(input.path, {
    scratch,
    knownColumns: sourceColumns(plan).map(({ name }) => name),
    ...(input.onProgress === undefined ? {} : { onProgress: input.onProgress }),
  });
  const header = knownHeader(plan, source.format);
  const format: BulkSource['format'] =
    header === undefined ? { kind: 'json' } : { kind: 'csv', delimiter: source.format.delimiter, header };
  const ingestedAt = input.receivedAt.toISOString();
  const work: ShardWork = {
    plan,
    sql: bulkSql(plan, { format, checksum, ingestedAt }),
    reader: compileRowReader(plan, { pseudonymise: compilePseudonymiser(input.pseudonymKey) }),
    format,
    checksum,
    name: input.name,
    ingestedAt,
    scratch,
  };
  const outcomes = await convertShards(input, source, work);
  const engine = await openDuckDB({ threads, memoryLimitMiB, scratch });
  const { files, rejectedFiles, keys } = await finish(await engine.connect(), work, outcomes).finally(engine.close);
  const counts = balance(input.name, outcomes, files, rejectedFiles, keys.duplicates);
  const day = ingestedAt.slice(0, 10);
  const facts: Converted['facts'] = {
    id: checksum,
    dataset: plan.name,
    source: 'batch',
    ...(input.rawKey === undefined ? {} : { rawKey: input.rawKey }),
    name: input.name,
    sizeBytes: input.sizeBytes,
    receivedAt: ingestedAt,
    ingestDate: day,
    ...counts,
    rejectedByReason: addUp(outcomes.map(({ rejectedByReason }) => rejectedByReason)),
    cleaned: addUp(outcomes.map(({ cleaned }) => cleaned)),
    format: source.format.description,
    warnings: [...source.warnings, ...headerWarnings(header)],
    ...(keys.range === undefined ? {} : { keyRange: keys.range }),
    ...input.erased,
  };
  return { facts, files, rejectedFiles };
}

/** Puts the files of a converted object, from 1 under the keys of a revision. Returns the entry that is to name them. */
export async function putConverted(
  { plan, store }: Pick<ConvertInput, 'plan' | 'store'>,
  { facts, files, rejectedFiles }: Converted,
  revision = 0,
): Promise<LedgerEntry> {
  const put = (zone: Zone, partitionBy: string, parts: readonly Part[]) =>
    putParts(store, zone, parts, (part) => dataKey(plan.name, partitionBy, facts.ingestDate, facts.id, part, revision));
  return {
    ...facts,
    ...(revision === 0 ? {} : { revision }),
    files: await put('processed', plan.partitionBy, files),
    rejectedFiles: await put('rejected', rejectionsPlan.partitionBy, rejectedFiles),
  };
}

/** What is left to do when all shards are done: one file of many small ones, and what the ledger says of the keys. */
async function finish(connection: DuckDBConnection, work: ShardWork, outcomes: readonly ShardOutcome[]) {
  const { plan, format, checksum, scratch } = work;
  const parts = (kind: 'bulkParts' | 'singleParts' | 'rejectedParts') => outcomes.flatMap((outcome) => outcome[kind]);
  const single = await mergeParts(connection, parts('singleParts'), join(scratch, 'single.parquet'));
  const rejectedFiles = await mergeParts(connection, parts('rejectedParts'), join(scratch, 'rejected.parquet'));
  const files = [...parts('bulkParts'), ...single];
  return { files, rejectedFiles, keys: await keysOf(connection, plan, format, checksum, files) };
}

/**
 * Works on several shards at a time, each in an engine of its own with one thread: numbering lines takes one thread, and
 * a second one of the same engine would only spin while it waits.
 */
async function convertShards(
  { pseudonymKey, threads = THREADS, memoryLimitMiB = MEMORY_LIMIT_MIB }: Omit<ConvertInput, 'store'>,
  { shards }: FramedSource,
  work: ShardWork,
): Promise<ShardOutcome[]> {
  const outcomes: ShardOutcome[] = [];
  const iterator = shards[Symbol.asyncIterator]();
  let taken = 0;
  let isFailed = false;
  const worker = async () => {
    let engine: DuckDB | undefined;
    let connection: DuckDBConnection | undefined;
    try {
      for (;;) {
        const next: IteratorResult<Shard> = await iterator.next();
        if (next.done || isFailed) return;
        const index = taken++;
        engine ??= await openDuckDB({ threads: 1, memoryLimitMiB: memoryLimitMiB / threads, scratch: work.scratch });
        connection ??= await connectWithKey(engine, pseudonymKey);
        outcomes[index] = await convertShard(work, connection, next.value, index);
        await rm(next.value.path, { force: true });
      }
    } catch (error) {
      isFailed = true;
      throw error;
    } finally {
      await engine?.close();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: threads }, worker));
  await iterator.return?.();
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return outcomes;
}

async function connectWithKey(engine: DuckDB, key: PseudonymKey): Promise<DuckDBConnection> {
  const connection = await engine.connect();
  await setPseudonymKey(connection, key);
  return connection;
}

/** The counts of the ledger. Throws where they do not add up: then rows were lost or made up, which is a bug of ours. */
function balance(
  name: string,
  outcomes: readonly ShardOutcome[],
  files: readonly Part[],
  rejectedFiles: readonly Part[],
  duplicates: number,
) {
  const rowsIn = outcomes.reduce((sum, outcome) => sum + outcome.rowsIn, 0);
  const stored = rowsOf(files);
  const rejected = rowsOf(rejectedFiles);
  if (rowsIn !== stored + rejected) {
    throw new Error(`${name}: ${rowsIn} rows came in, but ${stored} were stored and ${rejected} rejected`);
  }
  return { rowsIn, accepted: stored - duplicates, rejected, duplicates };
}

function rowsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.rows, 0);
}

function addUp(counts: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const total = new Map<string, number>();
  for (const one of counts) for (const [name, rows] of one) total.set(name, (total.get(name) ?? 0) + rows);
  return Object.fromEntries([...total].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function putParts(
  store: ObjectStore,
  zone: Zone,
  parts: readonly Part[],
  keyOf: (part: number) => string,
): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const [index, { path, rows }] of parts.entries()) {
    const { key, sizeBytes } = await store.putFile(zone, keyOf(index), path);
    files.push({ key, rows, sizeBytes });
  }
  return files;
}
