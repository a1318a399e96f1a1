import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ConvertOrder,
  type ConvertResult,
  convertDefinition,
  convertedEntry,
} from '../../core/contract/convert-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { convertObject } from '../../lambdas/convert/convert-object.ts';
import { frameObject } from '../../lambdas/take-large/frame-object.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { generateFile } from '../../local/generate-file.ts';
import { RECEIVED, TEST_KEY } from '../convert-input.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';
import { sharedData } from '../shared-data.ts';
import { csvOf, jsonLinesOf } from '../source-files.ts';
import { openSpark } from './spark.ts';

const jobs = openSpark();
let folder: string;
let laptop: FileStore;
let spark: FileStore;

afterAll(() => jobs.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-spark-'));
  laptop = await openFileStore(join(folder, 'laptop'));
  spark = await openFileStore(join(folder, 'spark'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the job reads the real bookings as the laptop does', async () => {
  const real = sharedData('bookings/customer_booking_dev.csv');
  if (real === undefined) return;
  const entry = await expectEqual(bookings, real);
  expect(entry).toMatchObject({ rowsIn: 39_999, format: 'csv, latin-1, crlf' });
}, 120_000);

test('the job reads generated bookings with every kind of broken row as the laptop does, in Windows lines and gzip', async () => {
  const path = join(folder, 'generated.csv');
  await generateFile({ dataset: bookings, out: path, rows: 30_000, seed: 3, dirty: 0.05 });
  const text = await readFile(path);
  const crlf = Buffer.from(text.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
  await writeFile(`${path}.gz`, gzipSync(crlf));
  const entry = await expectEqual(bookings, `${path}.gz`);
  expect(entry.rejected).toBeGreaterThan(500);
  expect(Object.keys(entry.rejectedByReason).length).toBeGreaterThan(10);
}, 120_000);

const PLANS: readonly DatasetPlan[] = [bookings, ecommerceEvents, jobOffers, businessInvoices];
const FORMATS = { csv: csvOf, json: jsonLinesOf };
const CASES = PLANS.flatMap((plan) => Object.entries(FORMATS).map(([kind, write]) => ({ plan, kind, write })));

test.each(CASES)(
  'the job reads odd and broken $kind of $plan.name as the laptop does',
  async ({ plan, kind, write }) => {
    const path = join(folder, `source.${kind}`);
    await writeFile(path, write(plan, 6000, 20_26, { odd: 0.3, broken: 0.06 }));
    const entry = await expectEqual(plan, path);
    expect(entry.accepted).toBeGreaterThan(400);
    expect(entry.rejected).toBeGreaterThan(500);
  },
  120_000,
);

/** Has both read a file and compares the entries of the ledger, and all stored and refused rows. */
async function expectEqual(plan: DatasetPlan, path: string): Promise<LedgerEntry> {
  const bytes = await readFile(path);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const given = { plan, path, checksum, name: basename(path), sizeBytes: bytes.length, receivedAt: RECEIVED };
  const scratch = await laptop.scratch.folder('convert');
  const expected = await convertObject({ ...given, store: laptop, scratch, pseudonymKey: TEST_KEY });
  const found = await convertBySpark(plan, path, checksum, bytes.length);
  expect(withoutFiles(found)).toEqual(withoutFiles(expected));
  expect(await different('processed', expected.files, found.files)).toEqual([]);
  expect(await different('rejected', expected.rejectedFiles, found.rejectedFiles)).toEqual([]);
  return found;
}

function withoutFiles({ files, rejectedFiles, ...entry }: LedgerEntry) {
  const rowsOf = (some: readonly DataFile[]) => some.reduce((sum, file) => sum + file.rows, 0);
  return { ...entry, rows: rowsOf(files), rejectedRows: rowsOf(rejectedFiles) };
}

/** Frames the object as the Lambda does, has the job read its shards, and makes the ledger entry. */
async function convertBySpark(
  plan: DatasetPlan,
  path: string,
  checksum: string,
  sizeBytes: number,
): Promise<LedgerEntry> {
  const order = await frameObject({
    plan,
    source: { sizeBytes, body: createReadStream(path) },
    name: basename(path),
    receivedAt: RECEIVED.toISOString(),
    store: spark,
    prefix: '_frames/one/',
    scratch: await spark.scratch.folder('frame'),
    framing: { shardBytes: 1024 * 1024 },
  });
  expect(order.checksum).toBe(checksum);
  return convertedEntry(order, await carryOut(plan, order));
}

async function carryOut(plan: DatasetPlan, order: ConvertOrder): Promise<ConvertResult> {
  const run = join(spark.root, 'run');
  await mkdir(run);
  const files = {
    definition: join(run, 'definition.json'),
    order: join(run, 'order.json'),
    key: join(run, 'key.json'),
  };
  await writeFile(files.definition, JSON.stringify(convertDefinition(plan)));
  await writeFile(files.order, JSON.stringify(order));
  const secret = Buffer.from(TEST_KEY.secret).toString('base64');
  await writeFile(files.key, JSON.stringify({ version: TEST_KEY.version, secret }));
  const zones = ['raw', 'processed', 'rejected'].flatMap((zone) => [`--${zone}`, join(spark.root, zone)]);
  const given = ['--definition', files.definition, '--order', files.order, '--pseudonym-key', files.key];
  const { status, errors } = await jobs.run(['convert.py', ...given, ...zones, '--JOB_NAME', 'convert']);
  if (status !== 0) throw new Error(`the job ended with status ${status}: ${errors}`);
  return JSON.parse(await readFile(join(run, 'result.json'), 'utf8')) as ConvertResult;
}

/** Some rows that one side has and the other has not. */
async function different(
  zone: 'processed' | 'rejected',
  expected: readonly DataFile[],
  found: readonly DataFile[],
): Promise<unknown[]> {
  if (expected.length === 0 && found.length === 0) return [];
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run("set timezone = 'UTC'");
    const read = (store: FileStore, files: readonly DataFile[]) =>
      `from read_parquet([${files.map(({ key }) => pathText(store.pathOf(zone, key)))}], hive_partitioning = false)`;
    const [one, other] = [read(laptop, expected), read(spark, found)];
    const columns = async (from: string) => (await connection.runAndReadAll(`describe ${from}`)).getRowsJson();
    expect((await columns(other)).map(([name, type]) => [name, type])).toEqual(
      (await columns(one)).map(([name, type]) => [name, type]),
    );
    const reader = await connection.runAndReadAll(
      `(select 'laptop' as side, * from (${one} except all ${other}) order by source_line limit 5)
       union all (select 'spark' as side, * from (${other} except all ${one}) order by source_line limit 5)`,
    );
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}
