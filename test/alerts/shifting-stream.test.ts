import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertRun } from '../../core/alerts/run-alerts.ts';
import type { AlertMessage } from '../../core/alerts/types.ts';
import { alertsOf } from '../../datasets/alerts.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curateLake } from '../../local/curate-lake.ts';
import { evaluateAlerts } from '../../local/evaluate-alerts.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { streamRows } from '../../local/firehose.ts';

const KEY = { version: 1, secret: new Uint8Array(32).fill(7) };
const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-02T00:00:00.000Z');
const sent: AlertMessage[] = [];
let folder: string;
let lake: string;
let store: FileStore;
let ids = 0;

/** A day of the stream: how many of a thousand bookings are completed, and how many rows come beside them that are refused. */
interface Day {
  readonly completed: number;
  readonly refused: number;
  /** Nobody completes on a phone. */
  readonly isMobileDown?: true;
}

const CALM: Day = { completed: 170, refused: 0 };
const BAD: Day = { completed: 90, refused: 60, isMobileDown: true };
const GOOD: Day = { completed: 300, refused: 0 };
const DAYS: readonly Day[] = [CALM, CALM, BAD, BAD, BAD, GOOD, GOOD, GOOD];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-alerts-'));
  lake = join(folder, 'lake');
  store = await openFileStore(lake);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every alert is raised once and cleared once while the stream shifts, and one without a model waits', async () => {
  let last: AlertRun | undefined;
  await send(CALM, at(0, -60), '2026-01-25');
  for (const [index, day] of DAYS.entries()) {
    await send(day, at(index, 0));
    await curateLake({ lake, dataset: bookings, now: () => at(index, 0) });
    for (const minutes of [0, 15]) last = await evaluate(at(index, minutes));
  }
  expect(last?.outcomes.at(-1)).toMatchObject({ kind: 'waiting', id: 'calibration-gap' });
  for (const minutes of [20, 20, 90]) await evaluate(at(DAYS.length - 1, minutes));
  await send(GOOD, at(DAYS.length, 0));
  for (const minutes of [0, 5]) await evaluate(at(DAYS.length, minutes));
  expect(sent.map(({ id, at: when }) => `${when.slice(0, 16)} ${id}`)).toEqual([
    '2026-03-04T12:15 bookings/rejected-share/1/raised',
    '2026-03-07T12:00 bookings/completion-below-target/1/raised',
    '2026-03-07T12:15 bookings/rejected-share/1/cleared',
    '2026-03-09T12:00 bookings/completion-below-target/1/cleared',
    '2026-03-09T12:20 bookings/stream-silent/1/raised',
    '2026-03-10T12:00 bookings/stream-silent/1/cleared',
  ]);
  const fall = sent.find(({ id }) => id === 'bookings/completion-below-target/1/raised');
  expect(fall?.text.en.split('\n')).toEqual([
    '12.2% (n = 5,000, 95 % interval 11.3% to 13.1%), 2026-02-28 – 2026-03-06; the limit is 14.0%. The dashboard of the direction shows since when.',
    'Mobile (channel): 6.8% (n = 2,500, 95 % interval 5.9% to 7.9%) over 28 days, 17.0% (n = 500) over the 28 before: -5.10 pt of the change.',
  ]);
  expect(fall?.text.fr).toContain('Mobile (canal)');
}, 300_000);

/** Minutes after noon of a day of the test. */
function at(day: number, minutes: number): Date {
  return new Date(START + day * 24 * HOUR_MS + 12 * HOUR_MS + minutes * 60_000);
}

async function send({ completed, refused, isMobileDown }: Day, when: Date, bookedOn?: string): Promise<void> {
  const day = bookedOn ?? when.toISOString().slice(0, 10);
  const isComplete = (line: number) => (isMobileDown ? line % 2 === 0 && line < 2 * completed : line < completed);
  const good = Array.from({ length: 1000 }, (_, line) => booking(day, line, isComplete(line)));
  const broken = Array.from({ length: refused }, (_, line) => booking(day, line, false, { num_passengers: 0 }));
  const rows = [...good, ...broken];
  const id = when.toISOString();
  await streamRows({ lake, dataset: bookings, rows, now: () => when, pseudonymKey: KEY, newId: () => id });
}

function booking(day: string, line: number, isComplete: boolean, given: object = {}): string {
  return JSON.stringify({
    num_passengers: 1,
    sales_channel: line % 2 === 0 ? 'Internet' : 'Mobile',
    trip_type: 'RoundTrip',
    purchase_lead: 10,
    length_of_stay: 5,
    flight_hour: 9,
    flight_day: 'Mon',
    route: 'AKLKUL',
    booking_origin: 'New Zealand',
    wants_extra_baggage: 0,
    wants_preferred_seat: 0,
    wants_in_flight_meals: 0,
    flight_duration: 8.83,
    booking_complete: isComplete ? 1 : 0,
    event_time: `${day}T10:00:00.000Z`,
    booking_id: `test-${String(ids++).padStart(12, '0')}`,
    ...given,
  });
}

function evaluate(now: Date): Promise<AlertRun> {
  return evaluateAlerts(
    store,
    alertsOf('bookings'),
    async (message) => void sent.push(message),
    () => now,
  );
}
