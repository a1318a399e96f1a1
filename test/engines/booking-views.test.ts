import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { aBooking, type Booking, takeIn } from './bookings-lake.ts';

let folder: string;
const engines: Engine[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-views-'));
});

afterAll(async () => {
  for (const engine of engines) await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const FEW = [
  aBooking({
    purchase_lead: 3,
    booking_complete: true,
    event_time: '2026-03-01T23:30:00.000Z',
    wants_extra_baggage: true,
  }),
  aBooking({ event_time: '2026-03-01T00:00:00.000Z', flight_day: 'Sun', flight_hour: 23 }),
  aBooking({ trip_type: 'OneWay', event_time: '2026-03-05T12:00:00.000Z', wants_extra_baggage: true }),
  aBooking({
    sales_channel: 'Mobile',
    purchase_lead: 200,
    booking_complete: true,
    event_time: '2026-03-08T12:00:00.000Z',
  }),
  aBooking({ sales_channel: 'Mobile', purchase_lead: 200, route: 'CGKMEL' }),
];

test('each channel has its attempts, completed bookings and rate', async () => {
  const engine = await lakeOf({ bookings: FEW });
  expect(
    await rowsOf(
      engine,
      'select sales_channel, attempts, completed, completion_rate, is_small_sample from completion_by_channel order by 1',
    ),
  ).toEqual([
    ['Internet', 3n, 1n, 0.3333, true],
    ['Mobile', 2n, 1n, 0.5, true],
  ]);
});

test('weekdays come in the order of the week, Sunday last', async () => {
  const engine = await lakeOf({ bookings: FEW });
  expect(
    await rowsOf(
      engine,
      'select flight_day, attempts, completed from completion_by_weekday order by flight_day_number',
    ),
  ).toEqual([
    ['Mon', 4n, 2n],
    ['Sun', 1n, 0n],
  ]);
  expect(await rowsOf(engine, 'select flight_hour, attempts from completion_by_hour order by 1')).toEqual([
    [9, 4n],
    [23, 1n],
  ]);
});

test('lead times fall into buckets that sort by their days', async () => {
  const leads = [0, 6, 7, 29, 30, 89, 90, 179, 180, 1000].map((purchase_lead) => aBooking({ purchase_lead }));
  const engine = await lakeOf({ bookings: leads });
  expect(await rowsOf(engine, 'select lead_time_bucket, attempts from completion_by_lead_time order by 1')).toEqual([
    ['1: 0-6 days', 2n],
    ['2: 7-29 days', 2n],
    ['3: 30-89 days', 2n],
    ['4: 90-179 days', 2n],
    ['5: 180 days or more', 2n],
  ]);
});

test('a route shows its two airports and is no direction', async () => {
  const engine = await lakeOf({ bookings: FEW });
  expect(
    await rowsOf(engine, 'select route, airport_a, airport_b, attempts from completion_by_route order by 1'),
  ).toEqual([
    ['AKLKUL', 'AKL', 'KUL', 4n],
    ['CGKMEL', 'CGK', 'MEL', 1n],
  ]);
});

test('a segment is a channel, a trip type and a lead time', async () => {
  const engine = await lakeOf({ bookings: FEW });
  const sql =
    'select sales_channel, trip_type, lead_time_bucket, attempts, completed from completion_by_segment order by 1, 2, 3';
  expect(await rowsOf(engine, sql)).toEqual([
    ['Internet', 'OneWay', '2: 7-29 days', 1n, 0n],
    ['Internet', 'RoundTrip', '1: 0-6 days', 1n, 1n],
    ['Internet', 'RoundTrip', '2: 7-29 days', 1n, 0n],
    ['Mobile', 'RoundTrip', '5: 180 days or more', 2n, 1n],
  ]);
});

test('the demand for an extra is a share of all bookings, with the completion of both sides', async () => {
  const engine = await lakeOf({ bookings: FEW });
  const sql =
    "select is_wanted, attempts, share_of_bookings, completed, completion_rate from demand_for_extras where extra = 'extra baggage' order by 1";
  expect(await rowsOf(engine, sql)).toEqual([
    [false, 3n, 0.6, 1n, 0.3333],
    [true, 2n, 0.4, 1n, 0.5],
  ]);
});

test('seven days are calendar days: a day without bookings counts, the eighth day back does not', async () => {
  const engine = await lakeOf({ bookings: FEW });
  const sql =
    'select event_date, attempts, completed, attempts_7_days, completed_7_days, completion_rate_7_days from daily_bookings order by 1';
  expect(await rowsOf(engine, sql)).toEqual([
    ['2026-03-01', 2n, 1n, 2n, 1n, 0.5],
    ['2026-03-05', 1n, 0n, 3n, 1n, 0.3333],
    ['2026-03-08', 1n, 1n, 2n, 1n, 0.5],
  ]);
});

test('bookings without a time are counted apart and have no day', async () => {
  const engine = await lakeOf({
    bookings: [...FEW, aBooking({ event_time: '2026-03-08T13:00:00.000Z', event_time_simulated: true })],
  });
  expect(await rowsOf(engine, 'select attempts, without_time, with_simulated_time from bookings_without_time')).toEqual(
    [[6n, 1n, 1n]],
  );
  expect(
    await rowsOf(engine, 'select event_date, has_simulated_times from daily_bookings where has_simulated_times'),
  ).toEqual([['2026-03-08', true]]);
});

test('the ledger of a day adds up, and rejected rows are told by reason', async () => {
  const engine = await lakeOf({
    bookings: [...FEW, FEW[0] ?? {}],
    rejected: ['route:pattern', 'route:pattern', 'row:fields'],
  });
  expect(
    await rowsOf(
      engine,
      'select ingest_date, objects, rows_in, accepted, rejected, duplicates, missing from ledger_by_day',
    ),
  ).toEqual([['2026-03-10', 1n, 9n, 6n, 3n, 0n, 0n]]);
  expect(await rowsOf(engine, 'select reason, rejected_rows, example_line from rejected_by_reason order by 1')).toEqual(
    [
      ['route:pattern', 2n, 8n],
      ['row:fields', 1n, 10n],
    ],
  );
  expect(await rowsOf(engine, 'select source, attempts, last_event_time from freshness')).toEqual([
    ['batch', 6n, '2026-03-08 12:00:00.000'],
  ]);
});

/** Newcombe, Statistics in Medicine 17 (1998), table I, method 3: completed, attempts, lower and upper limit. */
const NEWCOMBE = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
] as const;

test('rates are bounded by the intervals that Newcombe prints, and small samples are marked below 30', async () => {
  const groups = NEWCOMBE.flatMap(([completed, attempts]) =>
    Array.from({ length: attempts }, (_, at) =>
      aBooking({ booking_origin: `${completed} of ${attempts}`, booking_complete: at < completed }),
    ),
  );
  const engine = await lakeOf({ bookings: groups });
  const sql = 'select booking_origin, rate_low, rate_high, is_small_sample from completion_by_origin';
  const found = new Map((await rowsOf(engine, sql)).map(([origin, ...rest]) => [origin, rest]));
  for (const [completed, attempts, low, high] of NEWCOMBE)
    expect(found.get(`${completed} of ${attempts}`)).toEqual([low, high, attempts < 30]);
});

test('an interval is the one of Wilson for any counts, also where nothing or all completed', async () => {
  const engine = await lakeOf({ bookings: [] });
  const sql = await readFile(join(SQL_ROOT, 'bookings', 'views', 'completion_by_channel.sql'), 'utf8');
  const [low, high] = ['rate_low', 'rate_high'].map(
    (name) => new RegExp(`round\\(\\(2e0.*\\) as ${name}`).exec(sql)?.[0],
  );
  for (const [completed, attempts] of [
    [0, 1],
    [1, 1],
    [0, 100000],
    [100000, 100000],
    [5488, 35515],
    [3, 563],
  ] as const) {
    const given = `select cast(${completed} as bigint) as completed, cast(${attempts} as bigint) as attempts`;
    const [row] = await rowsOf(engine, `with counted as (${given}) select ${low}, ${high} from counted`);
    expect(row).toEqual(wilson(completed, attempts));
    expect(Object.is(row?.[0], -0)).toBe(false);
  }
});

/** Brown, Cai and DasGupta, Statistical Science 16 (2001), (4), at z = 1.96. */
function wilson(completed: number, attempts: number): number[] {
  const [z, p] = [1.96, completed / attempts];
  const centre = (p + z ** 2 / (2 * attempts)) / (1 + z ** 2 / attempts);
  const half = (z / (1 + z ** 2 / attempts)) * Math.sqrt((p * (1 - p)) / attempts + z ** 2 / (4 * attempts ** 2));
  return [centre - half, centre + half].map((limit) => Math.round(limit * 10_000) / 10_000 + 0);
}

async function lakeOf(object: {
  readonly bookings: readonly Booking[];
  readonly rejected?: readonly string[];
}): Promise<Engine> {
  const store = await openFileStore(join(folder, String(engines.length)));
  await takeIn(store, { name: `object ${engines.length}`, ...object });
  const engine = await openEngine(store, [bookings]);
  engines.push(engine);
  return engine;
}

async function rowsOf(engine: Engine, sql: string) {
  return (await engine.query(sql)).rows;
}
