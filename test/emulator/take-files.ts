/** Files put into the raw zone become rows, once, or are refused with a word. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { BrokenCount, TextFormat } from '../../core/generate/dataset-generator.ts';
import { encodeRows } from '../../core/generate/encode-rows.ts';
import { rawKey, refusalKey } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries, readEntry } from '../../core/lake/read-ledger.ts';
import type { ObjectStore, Zone } from '../../core/ports.ts';
import { generatorOf } from '../../datasets/generators.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { sharedData } from '../shared-data.ts';
import { equal } from './equal.ts';
import { type DeployedLake, zoneBucketsOf } from './lake.ts';
import { logged } from './logs.ts';
import type { Proved } from './report.ts';
import { until } from './until.ts';

export const DATASET = 'bookings';
const ROWS = 20_000;
const REAL = 'bookings/customer_booking_dev.csv';

interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly id: string;
  /** Known only of rows that were made up. */
  readonly broken?: readonly BrokenCount[];
}

/** Rows that were made up, with each broken one known. */
export function madeUp(rows: number, seed: number, format: TextFormat) {
  const pieces: Buffer[] = [];
  const generator = generatorOf(DATASET);
  const encoded = encodeRows(generator, { rows, seed, format, dirty: 0.05, columns: generator.columns });
  let next = encoded.next();
  for (; !next.done; next = encoded.next()) pieces.push(Buffer.from(next.value.bytes));
  return { bytes: Buffer.concat(pieces), broken: next.value };
}

/** Broken rows of one outcome, by the reason that the lake must give. */
export function expected(broken: readonly BrokenCount[], outcome: BrokenCount['outcome']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { by = 'row:repeated', rows } of broken.filter((it) => it.outcome === outcome && it.rows > 0)) {
    counts[by] = (counts[by] ?? 0) + rows;
  }
  return counts;
}

export async function takeFiles(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const { bytes, broken } = madeUp(ROWS, 4, 'csv');
  const files = [fileOf('made-up.csv', bytes, broken), ...realFiles()];
  for (const file of files) await put(lake, rawKey(DATASET, file.id, file.name), file.bytes);
  const entries: LedgerEntry[] = [];
  for (const file of files) entries.push(await entryOf(lake, store, file));
  const made = entries[0];
  if (made === undefined) throw new Error('no file was sent');
  equal('rejected rows of made-up.csv by reason', made.rejectedByReason, expected(broken, 'rejected'));
  const repeated = Object.values(expected(broken, 'duplicate')).reduce((sum, rows) => sum + rows, 0);
  equal('counts of made-up.csv', [made.rowsIn, made.duplicates], [ROWS, repeated]);
  return {
    proved: 'S3 event, queue and convert function turn a CSV into Parquet, rejected rows and a ledger entry',
    figures: {
      files: files.length,
      'rows in': sum(entries, 'rowsIn'),
      accepted: sum(entries, 'accepted'),
      rejected: sum(entries, 'rejected'),
      duplicates: sum(entries, 'duplicates'),
    },
  };
}

/** The same bytes once more, under the same key and under another one. */
export async function takeFileAgain(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const { bytes } = madeUp(ROWS, 4, 'csv');
  const { id } = fileOf('made-up.csv', bytes);
  const before = await contents(store);
  const converted = async () => (await logged(lake, 'Ingestion/ConvertLogs/Resource', '"outcome"')).length;
  const done = await converted();
  await put(lake, rawKey(DATASET, id, 'made-up.csv'), bytes);
  await put(lake, `${DATASET}/elsewhere/copy.csv`, bytes);
  await until('the convert function taking the same file twice more', 60, async () => (await converted()) >= done + 2);
  equal('objects of processed and rejected after the same file came again', await contents(store), before);
  return { proved: 'the same file again leaves every object as it was', figures: { objects: before.length } };
}

/** An image that calls itself a table. */
export async function refuseFile(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const { id } = fileOf('picture.csv', bytes);
  const entries = (await listEntries(store, DATASET)).length;
  await put(lake, rawKey(DATASET, id, 'picture.csv'), bytes);
  const isNoted = async () => (await store.head('processed', refusalKey(DATASET, id))) !== undefined;
  await until('the note of a refused file', 60, isNoted, () => lastLines(lake));
  equal('ledger entries after a refused file', (await listEntries(store, DATASET)).length, entries);
  return {
    proved: 'a file that is no table is refused with a note, and no row of it is kept',
    figures: { refused: 1 },
  };
}

export function storeOf(lake: DeployedLake): ObjectStore {
  return new S3ObjectStore(zoneBucketsOf(lake), lake.clients.s3);
}

export function sum(entries: readonly LedgerEntry[], count: 'rowsIn' | 'accepted' | 'rejected' | 'duplicates'): number {
  return entries.reduce((total, entry) => total + entry[count], 0);
}

function realFiles(): SourceFile[] {
  const path = sharedData(REAL);
  return path === undefined ? [] : [fileOf('customer-booking.csv', readFileSync(path))];
}

function fileOf(name: string, bytes: Buffer, broken?: readonly BrokenCount[]): SourceFile {
  const id = createHash('sha256').update(bytes).digest('hex');
  return { name, bytes, id, ...(broken === undefined ? {} : { broken }) };
}

async function put(lake: DeployedLake, Key: string, Body: Buffer): Promise<void> {
  await lake.clients.s3.send(new PutObjectCommand({ Bucket: zoneBucketsOf(lake).raw, Key, Body }));
}

async function entryOf(lake: DeployedLake, store: ObjectStore, { id, name }: SourceFile): Promise<LedgerEntry> {
  let entry: LedgerEntry | undefined;
  const isThere = async () => {
    entry = await readEntry(store, DATASET, id);
    return entry !== undefined;
  };
  await until(`the ledger entry of ${name}`, 90, isThere, () => lastLines(lake));
  if (entry === undefined) throw new Error(`the ledger entry of ${name} vanished`);
  return entry;
}

async function lastLines(lake: DeployedLake): Promise<string> {
  return (await logged(lake, 'Ingestion/ConvertLogs/Resource', '')).slice(-10).join('\n');
}

/** Every object of some zones, with what tells one from another. */
export async function contents(
  store: ObjectStore,
  zones: readonly Zone[] = ['processed', 'rejected'],
): Promise<string[]> {
  const found: string[] = [];
  for (const zone of zones) {
    for await (const { key, etag, lastModified } of store.list(zone, '')) {
      found.push(`${zone}/${key} ${etag} ${lastModified.toISOString()}`);
    }
  }
  return found.sort();
}
