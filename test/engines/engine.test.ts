import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { aBooking, takeIn } from './bookings-lake.ts';

let folder: string;
let store: FileStore;
let engine: Engine;

beforeAll(async () => {
  // A machine far from Greenwich, whose days are other days.
  process.env.TZ = 'Pacific/Auckland';
  folder = await mkdtemp(join(tmpdir(), 'laketwin-engine-'));
  store = await openFileStore(join(folder, 'lake'));
  await takeIn(store, {
    name: 'a',
    bookings: [aBooking({ event_time: '2026-03-01T23:30:00.000Z' }), aBooking({ route: 'CGKMEL' })],
  });
  await takeIn(store, {
    name: 'b',
    receivedAt: '2026-03-11T08:00:00.000Z',
    bookings: Array.from({ length: 500 }, (_, at) => aBooking({ purchase_lead: at, booking_origin: `country ${at}` })),
  });
  engine = await openEngine(store, [bookings], { parquetFile: join(folder, 'out.parquet') });
});

afterAll(async () => {
  process.env.TZ = 'UTC';
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

test('an instant is a timestamp in UTC and its day is the day in UTC, wherever the machine stands', async () => {
  const { columns, rows } = await engine.query(
    'select event_time, event_date, ingest_date from bookings where event_time is not null',
  );
  expect(columns.map(({ type }) => type)).toEqual(['TIMESTAMP', 'DATE', 'DATE']);
  expect(rows).toEqual([['2026-03-01 23:30:00.000', '2026-03-01', '2026-03-10']]);
});

test('readers see what manifests name, and no file that lies beside it', async () => {
  const [file] = curatedFiles((await readCurrentManifest(store, 'bookings')) ?? fail());
  const path = store.pathOf('curated', file?.key ?? '');
  const beside = path.replace('.parquet', '-beside.parquet');
  await cp(path, beside);
  const another = await openEngine(store, [bookings]);
  expect((await another.query('select count(*) from bookings')).rows).toEqual([[502n]]);
  await another.close();
  await rm(beside);
});

const REFUSED = [
  ["copy (select 1) to 'FOLDER/x.csv'", /a query reads the relations of the lake and no other file/],
  ["copy bookings to 'FOLDER/out.parquet'", /found copy, expected one select: a query only reads/],
  ["select content from read_text('FOLDER/secret')", /a query reads the relations of the lake and no other file/],
  ["select a from read_csv('/etc/passwd') as t (a)", /a query reads the relations of the lake and no other file/],
  ["select file from glob('FOLDER/*')", /a query reads the relations of the lake and no other file/],
  ["attach 'FOLDER/x.db' as x", /found attach, expected one select|no other file/],
  ['install httpfs', /found load, expected one select|no other file/],
  ['load httpfs', /found load, expected one select|no other file/],
  ['set threads = 1', /found set, expected one select: a query only reads/],
  ['set enable_external_access = true', /found set, expected one select: a query only reads/],
  ['pragma enable_profiling', /a query only reads|expected one select/],
  ['create table x as select 1 as a', /found create, expected one select: a query only reads/],
  ['drop view bookings', /found drop, expected one select: a query only reads/],
  ['insert into ledger select * from ledger', /found insert, expected one select: a query only reads/],
  ['delete from ledger', /found delete, expected one select: a query only reads/],
  ['select 1 as a; drop view bookings', /found 2 statements, expected one select/],
  ['select 1 as a; -- and\nselect 2', /found 2 statements, expected one select/],
  ['-- nothing', /found no SQL, expected one select/],
  ['select a from nowhere', /there is no relation 'nowhere', expected one of processed_bookings, .*bookings.*ledger/],
  ['select a::integer from bookings', /line 1: '::' is not the same here and on Athena/],
] as const;

test.each(REFUSED)('fails on %s', async (sql, sentence) => {
  await writeFile(join(folder, 'secret'), 'a secret');
  await expect(engine.query(sql.replaceAll('FOLDER', folder))).rejects.toThrow(sentence);
  expect((await engine.query('select count(*) from bookings')).rows).toEqual([[502n]]);
  expect(await exists(join(folder, 'x.csv'))).toBe(false);
});

test('a value of a parameter is never part of the SQL', async () => {
  const sql = 'select count(*) from bookings where route = :route';
  expect((await engine.query(sql, { route: "x' or 1 = 1 --" })).rows).toEqual([[0n]]);
  expect((await engine.query(sql, { route: 'CGKMEL' })).rows).toEqual([[1n]]);
});

test('a parameter without a declaration has the type of what it is compared with', async () => {
  const sql = 'select count(*) from bookings where purchase_lead < :lead and event_date = :day and route <> :route';
  expect((await engine.query(sql, { lead: '11', day: '2026-03-01', route: '7' })).rows).toEqual([[1n]]);
  await expect(engine.query(sql, { lead: 'many', day: '2026-03-01', route: '7' })).rejects.toThrow(
    "the parameter 'lead' is 'many', expected a whole number",
  );
  await expect(engine.query(sql, { lead: '11', day: '2026-02-30', route: '7' })).rejects.toThrow(
    "the parameter 'day' is '2026-02-30', expected a day as YYYY-MM-DD",
  );
});

test('a colon in a text or a comment is no parameter', async () => {
  expect((await engine.query("select ':route' as a -- :no\n")).rows).toEqual([[':route']]);
});

test('fails on a parameter that is missing and on one too many', async () => {
  const sql = 'select count(*) from bookings where route = :route';
  await expect(engine.query(sql)).rejects.toThrow("the parameter 'route' is missing: add --param route=…");
  await expect(engine.query(sql, { route: 'x', rout: 'y' })).rejects.toThrow(
    "the query has no parameter 'rout', expected some of route",
  );
});

test('a scan is estimated at the bytes of its columns, in the days that the query asks for', async () => {
  const all = await columnBytes('route', '');
  const second = await columnBytes('route', '2026-03-11');
  expect(second).toBeLessThan(all);
  expect((await engine.query('select route from bookings')).scan?.bytes).toBe(all);
  expect(
    (await engine.query("select max(route) from bookings where ingest_date = date '2026-03-11'")).scan?.bytes,
  ).toBe(second);
  expect(
    (await engine.query("select max(route) from bookings where ingest_date > date '2030-01-01'")).scan?.bytes,
  ).toBe(0);
  const two = all + (await columnBytes('purchase_lead', ''));
  expect((await engine.query('select count(route) from bookings where purchase_lead > 3')).scan?.bytes).toBe(two);
});

test('a scan of a view is the scan of the table behind it, and each scan of a join counts', async () => {
  const route = await columnBytes('route', '');
  const { scan } = await engine.query(
    'select a.route from bookings as a join bookings as b on a.route = b.route limit 1',
  );
  expect(scan?.bytes).toBe(2 * route);
  const view = await engine.query('select sales_channel, attempts from completion_by_channel');
  expect(view.scan?.bytes).toBe(await columnBytes('sales_channel', ''));
});

test('a query over files is billed for 10 MB at least, one over the ledger for nothing', async () => {
  expect((await engine.query('select count(*) from bookings')).scan).toEqual({
    bytes: 0,
    billedBytes: 10_000_000,
    usd: 0.00005,
  });
  expect((await engine.query('select count(*) from ledger')).scan).toEqual({ bytes: 0, billedBytes: 0, usd: 0 });
});

test('the ledger and its reasons are relations of their own', async () => {
  const { rows } = await engine.query(
    'select name, rows_in, accepted, received_at, ingest_date from ledger order by name',
  );
  expect(rows).toEqual([
    ['a', 2n, 2n, '2026-03-10 08:00:00.000', '2026-03-10'],
    ['b', 500n, 500n, '2026-03-11 08:00:00.000', '2026-03-11'],
  ]);
  expect((await engine.query('select reason from ledger_reasons')).rows).toEqual([]);
});

test('Parquet is written to the one file that was named, whole numbers with 64 bits', async () => {
  const { rowCount } = await engine.writeParquet(
    'select ingest_date, sum(purchase_lead) as lead from bookings group by ingest_date',
  );
  expect(rowCount).toBe(2);
  const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(join(folder, 'out.parquet')));
  expect(schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
    ['ingest_date', 'INT32'],
    ['lead', 'INT64'],
  ]);
});

test('two columns of one name are told apart, in Parquet too', async () => {
  const sql = "select 'a' as x, 'b' as x, sum(rows_in) as x from ledger";
  expect((await engine.query(sql)).columns.map(({ name }) => name)).toEqual(['x', 'x_1', 'x_2']);
  await engine.writeParquet(sql);
  const file = await asyncBufferFromFile(join(folder, 'out.parquet'));
  const { schema } = await parquetMetadataAsync(file);
  expect(schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
    ['x', 'BYTE_ARRAY'],
    ['x_1', 'BYTE_ARRAY'],
    ['x_2', 'INT64'],
  ]);
});

test('a query that takes too long is stopped, and the engine answers the next', async () => {
  const hasty = await openEngine(store, [bookings], { timeoutSeconds: 0.3 });
  const endless =
    'select count(*) from bookings as a cross join bookings as b cross join bookings as c cross join bookings as d where a.route || b.route || c.route <> d.route';
  await expect(hasty.query(endless)).rejects.toThrow('the query was stopped after 0.3 seconds: ask for less');
  expect((await hasty.query('select count(*) from bookings')).rows).toEqual([[502n]]);
  await hasty.close();
});

test('a lake may lie under a folder whose name has an equals sign', async () => {
  const root = join(folder, 'env=dev', 'lake [1] *');
  await cp(store.root, root, { recursive: true });
  const moved = await openEngine(await openFileStore(root), [bookings]);
  expect((await moved.query('select count(*), max(ingest_date) from bookings')).rows).toEqual([[502n, '2026-03-11']]);
  await moved.close();
});

test('fails on a lake under a folder that DuckDB would take for a column', async () => {
  const root = join(folder, 'route=AKLKUL', 'lake');
  await cp(store.root, root, { recursive: true });
  await expect(openEngine(await openFileStore(root), [bookings])).rejects.toThrow(
    /under a folder 'route=…', which is the name of a column/,
  );
});

test('fails on curated files of another SQL, and says how to have them made anew', async () => {
  const root = join(folder, 'older');
  await cp(store.root, root, { recursive: true });
  const older = await openFileStore(root);
  const [file] = curatedFiles((await readCurrentManifest(older, 'bookings')) ?? fail());
  const rejected = curatedFiles((await readCurrentManifest(older, 'bookings')) ?? fail());
  const processed = await readFile(older.pathOf('processed', await firstProcessed(older)));
  for (const { key } of rejected) await writeFile(older.pathOf('curated', key), processed);
  expect(file).toBeDefined();
  await expect(openEngine(older, [bookings])).rejects.toThrow(
    /the relation 'bookings' cannot be made: .*event_date.*another version of its SQL: run any file again/s,
  );
});

async function columnBytes(column: string, day: string): Promise<number> {
  let bytes = 0;
  for (const { key } of curatedFiles((await readCurrentManifest(store, 'bookings')) ?? fail())) {
    if (!key.includes(day)) continue;
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(store.pathOf('curated', key)));
    for (const { columns } of metadata.row_groups)
      for (const { meta_data: chunk } of columns)
        if (chunk?.path_in_schema[0] === column) bytes += Number(chunk.total_compressed_size);
  }
  return bytes;
}

async function firstProcessed(lake: FileStore): Promise<string> {
  for await (const { key } of lake.list('processed', 'bookings/')) return key;
  return fail();
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function fail(): never {
  throw new Error('the lake of the test is not as it should be');
}
