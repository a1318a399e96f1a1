import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { replayRejected } from '../../local/replay.ts';
import { runLake } from '../../local/runner.ts';

const NOW = () => new Date('2026-11-01T12:00:00Z');
const HEADER =
  'num_passengers,sales_channel,trip_type,purchase_lead,length_of_stay,flight_hour,flight_day,route,booking_origin,wants_extra_baggage,wants_preferred_seat,wants_in_flight_meals,flight_duration,booking_complete';
const row = (channel: string, origin = 'France') => `2,${channel},RoundTrip,21,12,6,Tue,AKLHGH,${origin},0,0,1,7.21,1`;

/** The contract after somebody has learnt that "web" is the Internet. */
const mended: DatasetPlan = {
  ...bookings,
  clean: [
    ...bookings.clean,
    {
      name: 'sales_channel_web',
      column: 'sales_channel',
      description: 'Web.',
      kind: 'map',
      values: { web: 'Internet' },
    },
  ],
};

let folder: string;
let lake: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-replay-'));
  lake = join(folder, 'lake');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a rejected row passes once a rule repairs it, with the id of its line, and once only', async () => {
  await takeIn([HEADER, row('Internet'), row('web', '"Côte, d’Ivoire"'), row('phone'), row('Mobile')].join('\n'));
  expect(await ask('select count(*) from bookings')).toEqual([[2n]]);

  const first = await replayRejected({ lake, dataset: mended, now: NOW });
  expect(first).toMatchObject({ tried: 2, accepted: 1, stillRejected: 1, cut: 0 });
  const [mendedRow] = await ask(
    `select booking_id, sales_channel, booking_origin, source_line from bookings where source_line = 3`,
  );
  expect(mendedRow?.slice(1)).toEqual(['Internet', 'Côte, d’Ivoire', 3n]);
  expect(String(mendedRow?.[0])).toMatch(/^[0-9a-f]{16}-000000003$/);

  const second = await replayRejected({ lake, dataset: mended, now: NOW });
  expect(second).toMatchObject({ tried: 1, accepted: 0, stillRejected: 1 });
  expect(await ask('select count(*) from bookings')).toEqual([[3n]]);
});

test('the same file read with the new rule gives the same rows as the replay', async () => {
  const text = [HEADER, row('Internet'), row('web'), row('web', 'Japan')].join('\r\n');
  await takeIn(text);
  await replayRejected({ lake, dataset: mended, now: NOW });
  const replayed = await ask('select * from bookings order by booking_id');
  await rm(lake, { recursive: true });
  await takeIn(text, mended);
  expect(withoutArrival(await ask('select * from bookings order by booking_id'))).toEqual(withoutArrival(replayed));
});

test('a row whose bytes are no text stays rejected: what they stood for is not known', async () => {
  const bytes = Buffer.from([HEADER, row('Internet', 'Côte d’Ivoire'), row('Mobile', 'Fra?nce')].join('\n'));
  bytes[bytes.lastIndexOf('?')] = 0xff;
  const path = join(folder, 'bookings.csv');
  await writeFile(path, bytes);
  await runLake({ lake, dataset: bookings, inputs: [path], now: NOW });
  expect(await ask('select reason from rejected_bookings')).toEqual([['row:encoding']]);
  expect(await replayRejected({ lake, dataset: bookings, now: NOW })).toMatchObject({ tried: 1, accepted: 0 });
});

test('a replay of a lake without rejected rows changes nothing', async () => {
  await takeIn([HEADER, row('Internet')].join('\n'));
  expect(await replayRejected({ lake, dataset: mended, now: NOW })).toMatchObject({ tried: 0, accepted: 0 });
});

async function takeIn(text: string, dataset: DatasetPlan = bookings): Promise<void> {
  const path = join(folder, 'bookings.csv');
  await writeFile(path, text);
  await runLake({ lake, dataset, inputs: [path], now: NOW });
}

async function ask(sql: string) {
  const engine = await openEngine(await openFileStore(lake), [bookings]);
  try {
    return (await engine.query(sql)).rows;
  } finally {
    engine.close();
  }
}

function withoutArrival(rows: Awaited<ReturnType<typeof ask>>) {
  return rows.map((cells) => cells.filter((cell) => !/^20\d\d-\d\d-\d\d \d\d:/.test(String(cell))));
}
