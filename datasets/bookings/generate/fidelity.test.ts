import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeRows } from '../../../core/generate/encode-rows.ts';
import { sharedData } from '../../../test/shared-data.ts';
import { generator } from '../generate.ts';
import { ORIGIN_WEIGHTS } from './fitted-origins.ts';
import { FLIGHT_DAYS, FLIGHT_HOURS, TRIP_TYPES } from './fitted-shares.ts';

type Row = Readonly<Record<string, string>>;
type Test = (row: Row) => boolean;

const GENERATED = generated(120_000);
const real = sharedData('bookings/customer_booking_dev.csv');

test('the shares are those that were fitted', () => {
  expectShares('trip_type', TRIP_TYPES, 0.003);
  expectShares('flight_day', FLIGHT_DAYS, 0.006);
  expectShares('flight_hour', Object.fromEntries(FLIGHT_HOURS.map((weight, hour) => [hour, weight])), 0.004);
  expectShares('booking_origin', ORIGIN_WEIGHTS, 0.008); // repeat customers keep their origin, which spreads it
});

test('15 % of the bookings complete', () => {
  expect(Math.abs(rate(GENERATED) - 0.15)).toBeLessThan(0.006);
});

test('completion depends on origin, channel, trip, extras, stay and lead time as in the public file', () => {
  const where = (test: Test) => rate(GENERATED.filter(test));
  const over = (test: Test, other: Test) => where(test) / where(other);
  const is =
    (column: string, value: string): Test =>
    (row) =>
      row[column] === value;
  const lead =
    (from: number, to: number): Test =>
    (row) =>
      within(Number(row.purchase_lead), from, to);
  const stay =
    (from: number, to: number): Test =>
    (row) =>
      within(Number(row.length_of_stay), from, to);
  expect(over(is('booking_origin', 'Malaysia'), is('booking_origin', 'Australia'))).toBeGreaterThan(6);
  expectWithin(over(is('sales_channel', 'Internet'), is('sales_channel', 'Mobile')), 1.25, 1.55);
  expectWithin(
    over(is('trip_type', 'RoundTrip'), (row) => row.trip_type !== 'RoundTrip'),
    1.6,
    3.5,
  );
  expectWithin(over(is('wants_extra_baggage', '1'), is('wants_extra_baggage', '0')), 1.3, 1.6);
  expectWithin(over(is('wants_preferred_seat', '1'), is('wants_preferred_seat', '0')), 1.15, 1.4);
  expectWithin(over(is('wants_in_flight_meals', '1'), is('wants_in_flight_meals', '0')), 1.05, 1.25);
  expectWithin(over(stay(1, 6), stay(17, 40)), 1.6, 2.2);
  expectWithin(over(lead(3, 17), lead(180, 1000)), 1.1, 1.45);
});

test('extra baggage goes with more passengers and longer stays', () => {
  const wanted = (test: Test) => {
    const rows = GENERATED.filter(test);
    return rows.filter((row) => row.wants_extra_baggage === '1').length / rows.length;
  };
  expect(
    wanted((row) => Number(row.num_passengers) >= 3) - wanted((row) => row.num_passengers === '1'),
  ).toBeGreaterThan(0.1);
  expect(
    wanted((row) => Number(row.length_of_stay) >= 17) - wanted((row) => Number(row.length_of_stay) < 7),
  ).toBeGreaterThan(0.2);
});

describe.skipIf(real === undefined)('beside the public file', () => {
  const public_ = real === undefined ? [] : rowsOf(readFileSync(real, 'latin1'));
  const SMALL = ['num_passengers', 'sales_channel', 'trip_type', 'flight_hour', 'flight_day', 'flight_duration'];
  const FLAGS = ['wants_extra_baggage', 'wants_preferred_seat', 'wants_in_flight_meals', 'booking_complete'];

  test.each([...SMALL, ...FLAGS, 'booking_origin'])('each share of %s is within one percentage point', (column) => {
    const [ours, theirs] = [shares(GENERATED, column), shares(public_, column)];
    for (const [value, share] of theirs) expect(Math.abs(share - (ours.get(value) ?? 0))).toBeLessThan(0.01);
  });

  test('at most 5 % of the bookings are on other routes', () => {
    const [ours, theirs] = [shares(GENERATED, 'route'), shares(public_, 'route')];
    const values = new Set([...ours.keys(), ...theirs.keys()]);
    const apart = [...values].reduce(
      (sum, value) => sum + Math.abs((ours.get(value) ?? 0) - (theirs.get(value) ?? 0)),
      0,
    );
    expect(apart / 2).toBeLessThan(0.05);
  });

  test.each(['purchase_lead', 'length_of_stay'])('the quantiles of %s are within a day or 8 %', (column) => {
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
      const theirs = quantile(public_, column, share);
      expect(Math.abs(quantile(GENERATED, column, share) - theirs)).toBeLessThanOrEqual(Math.max(1, theirs * 0.08));
    }
  });

  test.each(['sales_channel', 'booking_origin', ...FLAGS.slice(0, 3), 'flight_duration'])(
    'the completion rate by %s is within three percentage points where the file has 1,000 bookings',
    (column) => {
      for (const [value, share] of shares(public_, column)) {
        if (share * public_.length < 1000) continue;
        const of = (rows: readonly Row[]) => rate(rows.filter((row) => row[column] === value));
        expect(Math.abs(of(GENERATED) - of(public_)), `${column} ${value}`).toBeLessThan(0.03);
      }
    },
  );

  test.each(['Australia', 'Malaysia', 'Japan', 'Thailand'])('bookings from %s take the same routes', (origin) => {
    const of = (rows: readonly Row[]) =>
      shares(
        rows.filter((row) => row.booking_origin === origin),
        'route',
      );
    const [ours, theirs] = [of(GENERATED), of(public_)];
    for (const [route, share] of theirs) expect(Math.abs(share - (ours.get(route) ?? 0))).toBeLessThan(0.03);
  });
});

function expectShares(column: string, weights: Readonly<Record<string, number>>, tolerance: number): void {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const found = shares(GENERATED, column);
  for (const [value, weight] of Object.entries(weights)) {
    expect(Math.abs((found.get(value) ?? 0) - weight / total), `${column} ${value}`).toBeLessThan(tolerance);
  }
}

function expectWithin(value: number, from: number, to: number): void {
  expect(value).toBeGreaterThan(from);
  expect(value).toBeLessThan(to);
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

function rate(rows: readonly Row[]): number {
  return rows.filter((row) => row.booking_complete === '1').length / rows.length;
}

function shares(rows: readonly Row[], column: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const value = column === 'flight_duration' ? String(Number(row[column])) : String(row[column]);
    found.set(value, (found.get(value) ?? 0) + 1 / rows.length);
  }
  return found;
}

function quantile(rows: readonly Row[], column: string, share: number): number {
  const values = rows.map((row) => Number(row[column])).sort((a, b) => a - b);
  return values[Math.floor(share * values.length)] as number;
}

function generated(rows: number): Row[] {
  const pieces = [...encodeRows(generator, { rows, seed: 11, format: 'csv' })].map(({ bytes }) =>
    bytes.toString('utf8'),
  );
  return rowsOf(pieces.join(''));
}

function rowsOf(csv: string): Row[] {
  const [header = '', ...lines] = csv.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])));
}
