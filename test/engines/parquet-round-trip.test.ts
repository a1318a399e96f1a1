import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { parquetWriter, ROW_GROUP_ROWS, toParquet } from '../../core/contract/to-parquet.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { arbitraryRow, type Row } from '../fixtures/arbitrary-row.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';
import { arbitraryPlan, planWith } from './arbitrary-plan.ts';
import { duckdbSchema, readByDuckdb } from './duckdb-file.ts';
import { writeByParquetjs } from './parquetjs-file.ts';
import { pyarrowSchema, readByPyarrow, withDigits } from './pyarrow-file.ts';

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-parquet-'));
const file = (name: string) => join(scratch, `${name}.parquet`);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const PLANS: readonly DatasetPlan[] = [bookings, ecommerceEvents, jobOffers, businessInvoices];

/** Rows that a generator may miss, laid over a generated one. */
const ROWS_OF: Readonly<Record<string, readonly Row[]>> = {
  bookings: [
    { source_line: 2n ** 63n - 1n, booking_origin: 'Réunion', flight_duration: 0.1 },
    { event_time: '0001-01-01T00:00:00.000Z', booking_origin: '"; drop table 日本 👩‍👩‍👧' },
    { event_time: '9999-12-31T23:59:59.999Z', customer_id: null, source_checksum: null, source_line: null },
  ],
  ecommerce_events: [
    { category_id: 2_053_013_555_631_882_655n, price: '0.00' },
    { category_id: 9_223_372_036_854_775_807n, price: '9999999999.99', brand: '' },
  ],
  job_offers: [
    { skills: [], places: [], salary: { lowest: null, highest: null, is_predicted: null } },
    { skills: ['', 'c++', 'naïve'], places: [{ city: null, latitude: null }], salary: null, body: 'x'.repeat(100_000) },
    { skills: null, places: null, title: null, body: null, opened_on: null, seen_at: null },
  ],
  business_invoices: [
    { total: '-99999999999999999999.9999', unit_price: '-0.01', quantity: -1_000_000, invoiced_on: '2024-02-29' },
    { total: '99999999999999999999.9999', unit_price: '99999999.99', invoiced_on: '0001-01-01' },
    { total: '0.0000', unit_price: '0.00', invoiced_on: '9999-12-31' },
  ],
};

const rowsOf = (plan: DatasetPlan, count: number): Row[] => {
  const generated = fc.sample(arbitraryRow(plan), { seed: 20_26, numRuns: count });
  const odd = (ROWS_OF[plan.name] ?? []).map((row, index) => ({ ...generated[index], ...row }));
  return [...odd, ...generated];
};

describe.each(PLANS.map((plan) => [plan.name, plan] as const))('a Parquet file of %s', (name, plan) => {
  const rows = rowsOf(plan, 1500);
  const path = file(name);
  beforeAll(() => writeFileSync(path, toParquet(plan, rows)));

  test('has for DuckDB the types of the plan and the values of the source rows', async () => {
    const found = await readByDuckdb(path);
    expect(found.schema).toEqual(duckdbSchema(plan));
    expect(found.rows).toEqual(rows);
  });

  test('has for pyarrow the types of the plan and the values of the source rows', () => {
    const [found] = readByPyarrow([path]);
    expect(found?.schema).toEqual(pyarrowSchema(plan));
    expect(found?.rows).toEqual(rows.map(withDigits));
  });
});

test('any types, however nested, come back from DuckDB and pyarrow as they were', async () => {
  const cases = fc.sample(
    arbitraryPlan().chain((plan) => fc.tuple(fc.constant(plan), fc.array(arbitraryRow(plan), { maxLength: 20 }))),
    { seed: 7, numRuns: 150 },
  );
  const paths = cases.map((_, index) => file(`any-${index}`));
  for (const [index, [plan, rows]] of cases.entries()) writeFileSync(paths[index] ?? '', toParquet(plan, rows));
  const byPyarrow = readByPyarrow(paths);
  for (const [index, [plan, rows]] of cases.entries()) {
    const byDuckdb = await readByDuckdb(paths[index] ?? '');
    expect(byDuckdb).toEqual({ schema: duckdbSchema(plan), rows });
    expect(byPyarrow[index]).toEqual({ schema: pyarrowSchema(plan), rows: rows.map(withDigits) });
  }
});

test('a file written batch by batch is the file written at once, over several row groups', async () => {
  const plan = planWith([
    { type: { kind: 'int64' }, nullable: false },
    { type: { kind: 'timestamp' }, nullable: true },
    { type: { kind: 'array', element: { type: { kind: 'string' }, nullable: true } }, nullable: true },
  ]);
  const few = fc.sample(arbitraryRow(plan), { seed: 9, numRuns: 1000 });
  const rows = Array.from({ length: ROW_GROUP_ROWS + 5000 }, (_, index) => ({
    ...few[index % few.length],
    column_0: BigInt(index),
  }));
  const writer = parquetWriter(plan);
  for (let at = 0; at < rows.length; at += 777) writer.write(rows.slice(at, at + 777));
  const bytes = writer.finish();
  expect(Buffer.compare(bytes, toParquet(plan, rows))).toBe(0);
  expect(parquetMetadata(bytes.slice().buffer).row_groups.map(({ num_rows }) => num_rows)).toEqual([122_880n, 5000n]);
  writeFileSync(file('batches'), bytes);
  expect((await readByDuckdb(file('batches'))).rows).toEqual(rows);
});

test('a file carries statistics, dictionaries and an index of the columns that rows are looked for by', () => {
  const rows = rowsOf(bookings, 200);
  const many = Array.from({ length: 100_000 }, (_, index) => ({
    ...rows[index % rows.length],
    booking_id: `b-${index}`,
  }));
  const { row_groups } = parquetMetadata(toParquet(bookings, many).slice().buffer);
  for (const { meta_data, ...chunk } of row_groups.flatMap(({ columns }) => columns)) {
    const [column = ''] = meta_data?.path_in_schema ?? [];
    expect([column, meta_data?.statistics?.min_value !== undefined]).toEqual([column, true]);
    expect([column, meta_data?.statistics?.null_count]).toEqual([column, expect.any(BigInt)]);
    if (['booking_id', 'event_time', 'source_line'].includes(column)) expect(chunk.column_index_offset).toBeDefined();
    if (column === 'route') expect(meta_data?.encodings).toContain('RLE_DICTIONARY');
  }
});

test('no rows make a file with the columns and no row', async () => {
  for (const plan of PLANS) {
    const path = file(`empty-${plan.name}`);
    writeFileSync(path, toParquet(plan, []));
    expect(await readByDuckdb(path)).toEqual({ schema: duckdbSchema(plan), rows: [] });
    expect(readByPyarrow([path])).toEqual([{ schema: pyarrowSchema(plan), rows: [] }]);
  }
});

test('rows whose nullable columns are all null, such as bookings without customers, come back as nulls', async () => {
  for (const plan of PLANS) {
    const nulls = plan.columns
      .filter(({ nullable, privacy }) => nullable && privacy !== 'drop')
      .map(({ name }) => [name, null]);
    const rows = rowsOf(plan, 50).map((row) => ({ ...row, ...Object.fromEntries(nulls) }));
    const bytes = toParquet(plan, rows);
    const path = file(`nulls-${plan.name}`);
    writeFileSync(path, bytes);
    expect((await readByDuckdb(path)).rows).toEqual(rows);
    expect(readByPyarrow([path])[0]?.rows).toEqual(rows.map(withDigits));
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toHaveLength(rows.length);
  }
});

test('keys that are no stored column are left out', async () => {
  const [row = {}] = rowsOf(jobOffers, 1);
  const extra = JSON.parse(
    '{"__proto__": {"title": "no"}, "constructor": 1, "contact_email": "a@b.example", "more": [1]}',
  );
  writeFileSync(file('extra'), toParquet(jobOffers, [{ ...extra, ...row }]));
  expect((await readByDuckdb(file('extra'))).rows).toEqual([row]);
});

test('fails where a required value is missing', () => {
  const [row = {}] = rowsOf(bookings, 1);
  for (const name of ['booking_id', 'num_passengers', 'booking_complete', 'ingested_at', 'flight_duration']) {
    expect(() => toParquet(bookings, [{ ...row, [name]: null }]), name).toThrow(/parquet/);
  }
});

test('hyparquet, which browsers and Lambdas read with, finds the values of the source rows', async () => {
  const rows = rowsOf(bookings, 500);
  const bytes = toParquet(bookings, rows);
  const found = await parquetReadObjects({ file: bytes.slice().buffer });
  const instants = (row: Row) => ({ ...row, event_time: isoOf(row.event_time), ingested_at: isoOf(row.ingested_at) });
  expect(found.map(instants)).toEqual(rows);
});

test('the files of a second writer, parquetjs-lite, read the same by DuckDB and hyparquet', async () => {
  // It writes int64 through a JavaScript number, and no instant before 1970: rows within what it can do.
  const modest = {
    source_line: 2n ** 40n,
    event_time: '2024-05-01T09:30:00.123Z',
    ingested_at: '2026-01-01T00:00:00.000Z',
  };
  const rows = rowsOf(bookings, 300).map((row) => ({ ...row, ...modest }));
  await writeByParquetjs(bookings, rows, file('second-writer'));
  const duckdb = await readByDuckdb(file('second-writer'));
  expect(duckdb.rows).toEqual(rows);
  const bytes = readFileSync(file('second-writer'));
  const found = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  });
  expect(
    found.map((row) => ({ ...row, event_time: isoOf(row.event_time), ingested_at: isoOf(row.ingested_at) })),
  ).toEqual(rows);
});

function isoOf(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
