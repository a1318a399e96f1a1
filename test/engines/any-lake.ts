/** Lakes of any dataset for tests that begin with processed rows. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { compileRowEncoder } from '../../core/etl/encode-row.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { summariseKeys } from '../../core/lake/summarise-keys.ts';
import { convertDelivered } from '../../local/delivered-parquet.ts';
import type { FileStore } from '../../local/file-store.ts';
import { arbitraryRow, type Row } from '../fixtures/arbitrary-row.ts';

/** Rows that came together, with their lineage but for what the object itself says. */
export interface ObjectOfRows {
  readonly name: string;
  readonly source: 'batch' | 'stream';
  readonly receivedAt: string;
  readonly rows: readonly Row[];
}

export function checksum(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

const ROWS_A_FILE = 40;

/** Writes an object as `convert` would, or a stream as Firehose does: files first, then the entry. */
export async function putRows(store: FileStore, plan: DatasetPlan, object: ObjectOfRows): Promise<LedgerEntry> {
  const { name, source, receivedAt } = object;
  const [id, day] = [checksum(name), receivedAt.slice(0, 10)];
  const rows = object.rows.map((row) => ({ ...row, ingested_at: receivedAt, source }));
  const files: DataFile[] = [];
  for (let first = 0; first < rows.length; first += ROWS_A_FILE) {
    const some = rows.slice(first, first + ROWS_A_FILE);
    const key = dataKey(plan.name, plan.partitionBy, day, id, files.length);
    const path = await store.scratch.path('rows.parquet');
    if (source === 'batch') await writeFile(path, toParquet(plan, some));
    else await deliver(plan, some, path);
    const { sizeBytes } = await store.putFile('processed', key, path);
    files.push({ key, rows: some.length, sizeBytes });
  }
  const { keys, keyRange } = summariseKeys(plan, rows);
  return putEntry(store, {
    id,
    dataset: plan.name,
    source,
    name,
    sizeBytes: 1,
    receivedAt,
    ingestDate: day,
    rowsIn: rows.length,
    accepted: keys,
    rejected: 0,
    duplicates: rows.length - keys,
    rejectedByReason: {},
    cleaned: {},
    format: 'made by a test',
    warnings: [],
    ...(keyRange !== undefined && { keyRange }),
    ...(source === 'stream' && { sources: sourcesOf(rows) }),
    files,
    rejectedFiles: [],
  });
}

function sourcesOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => (row.source_checksum === null ? [] : [String(row.source_checksum)])))];
}

async function deliver(plan: DatasetPlan, rows: readonly Row[], path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    await writeFile(`${path}.json`, rows.map(compileRowEncoder(plan)).join(''));
    await convertDelivered(connection, plan, `${path}.json`, path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(`${path}.json`, { force: true });
  }
}

/**
 * Objects of any rows that meet in every way: keys that occur in one object and in several, content that repeats within
 * an object, two objects of one instant whose rows differ in their content alone, rows of a file that came by stream,
 * and records without a file.
 */
export function meetingObjects(plan: DatasetPlan, seed: number): ObjectOfRows[] {
  const rows = fc.sample(arbitraryRow(plan), { seed, numRuns: 300 });
  const at = (index: number): Row => rows[index % rows.length] ?? {};
  const keyOf = (row: Row) => Object.fromEntries(plan.key.map((name) => [name, row[name]]));
  const take = (first: number, count: number, keys: number, file: string): Row[] =>
    Array.from({ length: count }, (_, n) => ({
      // Each fifth row says what the one before says, each third has a key that others have as well.
      ...at(first + n - (n % 5 === 4 ? 1 : 0)),
      ...(n % 3 === 0 ? keyOf(at(n % keys)) : keyOf(at(first + n))),
      source_checksum: checksum(file),
      source_line: BigInt(n + 2),
    }));
  const recorded = take(200, 50, 9, 'none').map((row) => ({ ...row, source_checksum: null, source_line: null }));
  return [
    { name: 'first', source: 'batch', receivedAt: '2026-01-01T08:00:00.000Z', rows: take(0, 100, 20, 'first') },
    { name: 'second', source: 'batch', receivedAt: '2026-01-02T08:00:00.000Z', rows: take(60, 90, 20, 'second') },
    { name: 'tie', source: 'batch', receivedAt: '2026-01-02T08:00:00.000Z', rows: take(140, 90, 20, 'tie') },
    { name: 'part 1', source: 'stream', receivedAt: '2026-01-03T08:00:00.001Z', rows: take(90, 45, 9, 'streamed') },
    { name: 'part 2', source: 'stream', receivedAt: '2026-01-04T23:59:59.999Z', rows: take(91, 60, 9, 'streamed') },
    { name: 'records', source: 'stream', receivedAt: '2026-01-04T00:00:00.000Z', rows: recorded },
  ];
}
