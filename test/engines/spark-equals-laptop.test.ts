import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type CuratedManifest, curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { runKey, type WorkOrder } from '../../core/lake/work-order.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curate } from '../../local/curate.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import type { Row } from '../fixtures/arbitrary-row.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';
import { sharedData } from '../shared-data.ts';
import { checksum, meetingObjects, putRows } from './any-lake.ts';
import { aBooking, type Booking, putBookings } from './bookings-lake.ts';
import { openSpark } from './spark.ts';
import { compare, curateBySpark, openSparkLake } from './spark-lake.ts';

const jobs = openSpark();
let folder: string;
let store: FileStore;
let lake: FileStore;

afterAll(() => jobs.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-spark-'));
  store = await openFileStore(join(folder, 'lake'));
  lake = await openSparkLake(store);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the job gives the laptop’s rows for real and generated bookings, and again where late and repeated ones touch a unit', async () => {
  const real = sharedData('bookings/customer_booking_dev.csv');
  const generated = join(folder, 'generated.csv');
  await generateFile({ dataset: bookings, out: generated, rows: 20_000, seed: 5, dirty: 0.02 });
  if (real !== undefined) await takeIn(real, '2026-03-01T08:00:00Z');
  await takeIn(generated, '2026-03-02T08:00:00Z');
  await putBookings(store, { name: 'named', receivedAt: '2026-03-03T08:00:00.000Z', bookings: NAMED });
  const before = await settle(bookings);
  await expectEqual(before, await curateBySpark(jobs, { lake, plan: bookings, run: 'first' }));

  await putBookings(store, { name: 'late', receivedAt: '2026-03-04T08:00:00.000Z', bookings: LATE });
  const after = await settle(bookings);
  const second = await curateBySpark(jobs, { lake, plan: bookings, run: 'second' });
  expect(second.version).toBe(2);
  expect(await orderedRows('second')).toBe(NAMED.length + LATE.length);
  await expectEqual(after, second);
}, 240_000);

/** Rows that a run was told to settle. */
async function orderedRows(run: string): Promise<number> {
  const order = JSON.parse(
    await readFile(lake.pathOf('curated', runKey(run, 'bookings', 'order')), 'utf8'),
  ) as WorkOrder;
  return order.units.reduce((sum, unit) => sum + unit.rows, 0);
}

/** Bookings of their own ids, some of which come again later: older, newer, without time, with text of any script. */
const NAMED = Array.from(
  { length: 60 },
  (_, n): Booking => ({
    ...aBooking({ booking_origin: 'Réunion', purchase_lead: n % 7 }),
    booking_id: `k${String(n % 50).padStart(3, '0')}`,
    event_time: n % 4 === 0 ? null : `2025-06-${String((n % 28) + 1).padStart(2, '0')}T12:00:00.000Z`,
  }),
);
const LATE = Array.from(
  { length: 40 },
  (_, n): Booking => ({
    ...aBooking({ booking_origin: n % 2 === 0 ? '日本 👩‍👩‍👧' : '"; drop table', flight_duration: 0.1 }),
    booking_id: `k${String(n % 30).padStart(3, '0')}`,
    event_time: n % 3 === 0 ? '0001-01-01T00:00:00.000Z' : n % 3 === 1 ? '9999-12-31T23:59:59.999Z' : null,
  }),
);

test('where two rows are as new as each other, null is above every value within lists and structures', async () => {
  const receivedAt = '2026-01-01T08:00:00.000Z';
  const same = { title: 'same', body: null, opened_on: null, seen_at: null, skills: null, salary: null, places: null };
  const offers = (side: 0 | 1) =>
    NESTED.map((pair, n) => ({
      ...same,
      ...pair[side],
      offer_id: `offer ${n}`,
      source_checksum: checksum(`side ${side}`),
      source_line: BigInt(n + 2),
    }));
  await putRows(store, jobOffers, { name: 'side 0', source: 'batch', receivedAt, rows: offers(0) });
  await putRows(store, jobOffers, { name: 'side 1', source: 'batch', receivedAt, rows: offers(1) });
  const manifest = await settle(jobOffers);
  expect(manifest).toMatchObject({ rowsIn: 2 * NESTED.length, rows: NESTED.length });
  await expectEqual(manifest, await curateBySpark(jobs, { lake, plan: jobOffers, run: 'ties' }));
}, 120_000);

const salary = (lowest: string | null, highest: string | null) => ({ lowest, highest, is_predicted: null });
const place = (city: string | null, latitude: number | null) => ({ city, latitude });

/** Pairs of which one stands. Each also stands in the other order, so that no side can win by its checksum. */
const NESTED = [
  [{ salary: salary(null, '1.00') }, { salary: salary('9.00', '9.00') }],
  [{ salary: salary('1.00', null) }, { salary: salary('1.00', '9.00') }],
  [{ salary: salary(null, null) }, { salary: null }],
  [{ places: [place(null, 1)] }, { places: [place('z', 9)] }],
  [{ places: [place('a', 1), place('a', null)] }, { places: [place('a', 1), place('a', 9)] }],
  [{ places: [place('a', 1)] }, { places: [place('a', 1), place(null, null)] }],
  [{ places: [] }, { places: null }],
  [{ skills: ['a', 'b'] }, { skills: ['a', 'é'] }],
  [{ skills: ['a'] }, { skills: [] }],
].flatMap(([one = {}, other = {}]) => [
  [one, other],
  [other, one],
]) as readonly (readonly [Row, Row])[];

const PLANS: readonly DatasetPlan[] = [bookings, jobOffers, businessInvoices, ecommerceEvents];

test.each(PLANS.map((plan) => [plan.name, plan] as const))(
  'the job gives the laptop’s rows of %s for any values, however keys and content meet',
  async (_name, plan) => {
    for (const object of meetingObjects(plan, 20_26)) await putRows(store, plan, object);
    const manifest = await settle(plan);
    expect(manifest.superseded).toBeGreaterThan(20);
    expect(manifest.repeats).toBeGreaterThan(20);
    await expectEqual(manifest, await curateBySpark(jobs, { lake, plan, run: 'any' }));
  },
  120_000,
);

test('the functions that curated SQL may use answer alike', async () => {
  const sqlRoot = join(folder, 'sql');
  await mkdir(join(sqlRoot, 'business_invoices', 'curated'), { recursive: true });
  await writeFile(join(sqlRoot, 'business_invoices', 'curated', 'lines.sql'), `${EVERY_FUNCTION};\n`);
  for (const object of meetingObjects(businessInvoices, 7)) await putRows(store, businessInvoices, object);
  const manifest = await settle(businessInvoices, 'lines', sqlRoot);
  const run = { lake, plan: businessInvoices, run: 'any', sqlRoot };
  await expectEqual(manifest, await curateBySpark(jobs, run, 'lines'));
}, 120_000);

const EVERY_FUNCTION = `-- What the engines share.
select "invoice_id", line_number, abs(quantity) as a, coalesce(total, 0.0000) as b, concat(customer_name, 'é ', source_checksum) as c,
  if(is_paid, 1, 0) as d, nullif(quantity, 1) as e, substr(customer_name, 2, 3) as f, substr(customer_name, 4) as g,
  cast(changed_at as date) as h, cast(unit_price as double) as i, cast(unit_price as decimal(20, 4)) as j,
  customer_name || '-' || source as k, quantity % 7 as l, unit_price + total as m, quantity * 2 - line_number as n,
  case when quantity < 0 then 'return' when is_paid is distinct from true then 'open' else 'paid' end as o,
  case source when 'batch' then 1 else 2 end as p, invoiced_on between date '1582-10-04' and date '1900-01-01' as q,
  quantity in (1, 2) as r, 1.5 as s, 2e0 as t, -quantity as u, changed_at < timestamp '1900-01-01 00:00:00' as v,
  versions, is_repeat, ingest_date
from settled_business_invoices
where quantity <> 3 and not (line_number = 5)`;

test('the comparison sees one changed value, one missing row and one doubled row', async () => {
  await putBookings(store, { name: 'named', bookings: NAMED });
  const manifest = await settle(bookings);
  const found = await curateBySpark(jobs, { lake, plan: bookings, run: 'any' });
  const path = lake.pathOf('curated', curatedFiles(found)[0]?.key ?? '');
  const original = await readFile(path);
  for (const [change, different] of CHANGES) {
    await rewrite(path, change);
    expect([change, (await compare([store, manifest], [lake, found])).different]).toEqual([change, different]);
    await writeFile(path, original);
  }
}, 120_000);

const CHANGES: readonly (readonly [string, number])[] = [
  ["select * replace (if(booking_id = 'k007', 0.2, flight_duration) as flight_duration) from rows", 2],
  ["select * from rows where booking_id <> 'k007'", 1],
  ["select * from rows union all select * from rows where booking_id = 'k007'", 1],
  ["select * replace (if(booking_id = 'k007', null, event_date) as event_date) from rows", 2],
];

async function rewrite(path: string, select: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("set timezone = 'UTC'");
  await connection.run(`create table rows as from read_parquet('${path}', hive_partitioning = false)`);
  await connection.run(`copy (${select}) to '${path}' (format parquet)`);
  connection.closeSync();
}

async function takeIn(path: string, at: string): Promise<void> {
  await runLake({ lake: store.root, dataset: bookings, inputs: [path], now: () => new Date(at) });
}

async function settle(plan: DatasetPlan, table = plan.name, sqlRoot?: string): Promise<CuratedManifest> {
  await curate({ store, plan, now: new Date('2026-04-01T00:00:00Z'), ...(sqlRoot !== undefined && { sqlRoot }) });
  return (await readCurrentManifest(store, table)) as CuratedManifest;
}

/** The same counts of the same units, and the same rows in every column. */
async function expectEqual(laptop: CuratedManifest, spark: CuratedManifest): Promise<void> {
  expect(counts(spark)).toEqual(counts(laptop));
  const compared = await compare([store, laptop], [lake, spark]);
  expect(compared).toMatchObject({ different: 0, rows: laptop.rows, badFolders: 0, zoneless: [] });
  expect(compared.columns.spark).toEqual(compared.columns.laptop);
}

function counts({ units, createdAt, version, ...manifest }: CuratedManifest) {
  return { ...manifest, units: units.map(({ files, ...unit }) => unit) };
}
