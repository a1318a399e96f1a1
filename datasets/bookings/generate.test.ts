import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BrokenCount, TextFormat } from '../../core/generate/dataset-generator.ts';
import { encodeRows } from '../../core/generate/encode-rows.ts';
import { endlessRows } from '../../core/generate/endless-rows.ts';
import { bookings } from './contract.ts';
import { generator } from './generate.ts';

type Row = Readonly<Record<string, string>>;

const ROWS = 40_000;
const SAMPLE = rowsOf(textOf({ rows: ROWS, seed: 1 }).text);

test('the same seed gives the same bytes on every machine', () => {
  expect(sha256(textOf({ rows: 10_000, seed: 1 }).text)).toBe(
    '91af9520093eb755db654e52d940df0e7a68b33f5df1a84d056dfe8600c182e7',
  );
  expect(sha256(textOf({ rows: 10_000, seed: 1, dirty: 0.05 }).text)).toBe(
    '4bcc0a91842faae0e0b9bd019f15ff2269d21e89e4caa371502c949e005487ed',
  );
  expect(sha256(textOf({ rows: 10_000, seed: 1, format: 'jsonl' }).text)).toBe(
    '1ed5faba07b00f6d3c0ee13ac3ccb2d5ba2562711fdedb7c26c912e1f132aacb',
  );
});

test('another seed gives other rows', () => {
  expect(textOf({ rows: 100, seed: 2 }).text).not.toBe(textOf({ rows: 100, seed: 1 }).text);
});

test.each([0, 1, 2, 8191, 8192, 8193, 20_000])('a file of %i rows has so many', (rows) => {
  expect(rowsOf(textOf({ rows, seed: 3 }).text)).toHaveLength(rows);
  expect(JSON.parse(textOf({ rows, seed: 3, format: 'json' }).text)).toHaveLength(rows);
});

test('breaking rows leaves all others as they are', () => {
  const whole = textOf({ rows: 5000, seed: 4 }).text.split('\n');
  const dirty = textOf({ rows: 5000, seed: 4, dirty: 0.1 }).text.split('\n');
  const same = dirty.filter((line, index) => line === whole[index]).length;
  expect(dirty).toHaveLength(whole.length);
  expect(same / whole.length).toBeGreaterThan(0.88);
  expect(same / whole.length).toBeLessThan(0.92);
});

test.each(['csv', 'jsonl', 'json'] as const)(
  'the counts of broken %s rows add up to the lines that differ',
  (format) => {
    const whole = textOf({ rows: 20_000, seed: 5, format }).text.split('\n');
    const { text, broken } = textOf({ rows: 20_000, seed: 5, dirty: 0.05, format });
    const differing = text.split('\n').filter((line, index) => line !== whole[index]).length;
    const counted = broken.reduce((sum, { rows }) => sum + rows, 0);
    expect(counted).toBe(differing);
    expect(broken.filter(({ rows }) => rows > 0).length).toBeGreaterThanOrEqual(15);
    expect(Math.abs(counted - 1000)).toBeLessThan(150);
  },
);

test('fails for a share of broken rows above one, and for rows that are no whole number', () => {
  expect(() => textOf({ rows: 1, seed: 1, dirty: 1.5 })).toThrow('a share of broken rows of 1.5, expected 0 to 1');
  expect(() => textOf({ rows: -1, seed: 1 })).toThrow('-1 rows to generate, expected a whole number from 0');
  expect(() => textOf({ rows: 1, seed: 1, columns: ['price'] })).toThrow("no column 'price' to generate");
});

test('a file has the columns that are asked for, in the order of the public file', () => {
  const header = (columns?: string[]) => textOf({ rows: 0, seed: 1, ...(columns && { columns }) }).text.trimEnd();
  expect(header()).toBe(generator.defaultColumns.join(','));
  expect(header(['route', 'num_passengers', 'booking_id'])).toBe('num_passengers,route,booking_id');
  expect(Object.keys(SAMPLE[0] as Row)).toHaveLength(17);
});

test('every column is one of the contract', () => {
  const known = bookings.columns.map(({ name }) => name);
  for (const column of generator.columns) expect(known).toContain(column);
});

test('a route is two codes in alphabetical order and has one duration', () => {
  const durations = new Map<string, string>();
  for (const { route, flight_duration } of SAMPLE as { route: string; flight_duration: string }[]) {
    expect(route).toMatch(/^[A-Z]{6}$/);
    expect(route.slice(0, 3) < route.slice(3)).toBe(true);
    expect(durations.get(route) ?? flight_duration).toBe(flight_duration);
    durations.set(route, flight_duration);
  }
  expect(durations.size).toBeGreaterThan(500);
  expect(new Set(durations.values()).size).toBe(21);
});

test('times rise through thirteen months, and the flight is on the weekday that the lead time leads to', () => {
  const times = SAMPLE.map(({ event_time }) => String(event_time));
  expect([...times].sort()).toEqual(times);
  expect(new Set(times.map((time) => time.slice(0, 7))).size).toBe(13);
  for (const { event_time, purchase_lead, flight_day } of SAMPLE) {
    const flight = new Date(Date.parse(String(event_time)) + Number(purchase_lead) * 86_400_000);
    expect(['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][flight.getUTCDay()]).toBe(flight_day);
  }
  expect(SAMPLE.every((row) => row.event_time_simulated === '1')).toBe(true);
});

test('most bookings name a customer, who books again from the same origin', () => {
  const named = SAMPLE.filter((row) => row.customer_id !== '');
  const origins = new Map<string, Set<string>>();
  for (const { customer_id, booking_origin } of named) {
    expect(customer_id).toMatch(/^U[0-9]{9}$/);
    origins.set(String(customer_id), (origins.get(String(customer_id)) ?? new Set()).add(String(booking_origin)));
  }
  expect(named.length / ROWS).toBeCloseTo(0.85, 2);
  expect(named.length / origins.size).toBeGreaterThan(1.5);
  expect([...origins.values()].every((found) => found.size === 1)).toBe(true);
});

test('own ids are all different, the same for a seed, and others for another', () => {
  const ids = (seed: number) =>
    rowsOf(textOf({ rows: 9000, seed, columns: ['booking_id'] }).text).map((row) => String(row.booking_id));
  expect(new Set([...ids(1), ...ids(2)]).size).toBe(18_000);
  expect(ids(1)[1]).toBe('BK-1-000000001');
});

test('a stream sends rows with their own id and the present as their time', () => {
  const now = new Date('2026-11-21T08:00:00.123Z');
  const rows = endlessRows(generator, { seed: 1, now: () => now });
  const found = Array.from({ length: 9000 }, () => rows.next().value);
  expect(new Set(found.map((row) => row.booking_id)).size).toBe(9000);
  expect(found[0]).toMatchObject({ event_time: '2026-11-21T08:00:00.123Z', event_time_simulated: true });
  expect(Object.keys(found[0] ?? {})).toEqual(generator.columns);
});

interface Options {
  readonly rows: number;
  readonly seed: number;
  readonly dirty?: number;
  readonly format?: TextFormat;
  readonly columns?: readonly string[];
}

/** In Latin-1, so that an invalid byte stays what it is. */
function textOf({ format = 'csv', ...options }: Options): { text: string; broken: BrokenCount[] } {
  const pieces: Buffer[] = [];
  const encoded = encodeRows(generator, { ...options, format });
  for (let next = encoded.next(); ; next = encoded.next()) {
    if (next.done) return { text: Buffer.concat(pieces).toString('latin1'), broken: next.value };
    pieces.push(next.value.bytes);
  }
}

function rowsOf(csv: string): Row[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])));
}

function sha256(latin1: string): string {
  return createHash('sha256').update(latin1, 'latin1').digest('hex');
}
