import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { qualityChecks } from '../../core/contract/quality-sql.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { installMacros } from '../../local/macros.ts';
import { arbitraryRow, type Row } from '../fixtures/arbitrary-row.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';

const PLANS: readonly DatasetPlan[] = [bookings, ecommerceEvents, jobOffers, businessInvoices];
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-checks-'));
let connection: DuckDBConnection;
let files = 0;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await installMacros(connection);
});
afterAll(() => {
  connection.closeSync();
  rmSync(scratch, { recursive: true, force: true });
});

test.each(PLANS.map((plan) => [plan.name, plan] as const))(
  'rows of %s that keep the contract break no check',
  async (_, plan) => {
    const rows = fc.sample(arbitraryRow(plan), { seed: 3, numRuns: 500 });
    const keyed = new Map(rows.map((row) => [plan.key.map((name) => row[name]).join('\0'), row]));
    expect(await brokenChecks(plan, [...keyed.values()])).toEqual([]);
  },
);

/** A change of one row, and the one check that should find it. */
const BREACHES: readonly (readonly [plan: DatasetPlan, change: Row, check: string])[] = [
  [bookings, { num_passengers: 0 }, 'num_passengers at-least'],
  [bookings, { num_passengers: 10 }, 'num_passengers at-most'],
  [bookings, { flight_duration: 0.05 }, 'flight_duration at-least'],
  [bookings, { sales_channel: "Tele'phone" }, 'sales_channel one-of'],
  [bookings, { route: 'AKLDELX' }, 'route matches'],
  [bookings, { booking_origin: 'x'.repeat(101) }, 'booking_origin no-longer'],
  [bookings, { booking_origin: '' }, 'booking_origin no-shorter'],
  [bookings, { source_line: 0n }, 'source_line at-least'],
  [ecommerceEvents, { price: '-0.01' }, 'price at-least'],
  [ecommerceEvents, { product_id: 0n }, 'product_id at-least'],
  [jobOffers, { skills: Array.from({ length: 51 }, () => 'x') }, 'skills no-longer'],
  [jobOffers, { title: '日'.repeat(501) }, 'title no-longer'],
];

test.each(BREACHES.map(([plan, change, check]) => ({ plan, change, check, table: plan.name })))(
  'fails $check of $table, and no other check',
  async ({ plan, change, check }) => {
    const [row = {}, broken = {}] = fc.sample(arbitraryRow(plan), { seed: 5, numRuns: 2 });
    expect(await brokenChecks(plan, [row, { ...broken, ...change }])).toEqual([check]);
  },
);

test('fails the checks of the key, of completeness and of emptiness', async () => {
  const [row = {}] = fc.sample(arbitraryRow(bookings), { seed: 5, numRuns: 1 });
  expect(await brokenChecks(bookings, [row, row])).toEqual(['booking_id unique-key']);
  expect(await brokenChecks(bookings, [])).toEqual(['not-empty']);
  // The writer refuses a null here, so the file is written by a laxer plan.
  const lax = { ...bookings, columns: bookings.columns.map((column) => ({ ...column, nullable: true })) };
  expect(await brokenChecks(bookings, [{ ...row, flight_hour: null }], lax)).toEqual(['flight_hour complete']);
});

async function brokenChecks(plan: DatasetPlan, rows: readonly Row[], writtenBy = plan): Promise<string[]> {
  // A path of its own: DuckDB remembers a file by its path and its second.
  const path = join(scratch, `rows-${files++}.parquet`);
  writeFileSync(path, toParquet(writtenBy, rows));
  await connection.run(`create or replace temp view "${plan.name}" as select * from read_parquet('${path}')`);
  const broken: string[] = [];
  for (const { name, sql } of qualityChecks(plan)) {
    if ((await connection.runAndReadAll(sql)).currentRowCount > 0) broken.push(name);
  }
  return broken;
}
