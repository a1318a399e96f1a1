import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { openFileStore } from '../../local/file-store.ts';
import { runLake } from '../../local/runner.ts';
import { withEngine } from '../../local/with-engine.ts';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { injected } from './injected.ts';
import { readLake } from './lake-state.ts';

const root = await mkdtemp(join(tmpdir(), 'laketwin-times-'));
const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** An instant, and a zone of the machine in which its day or its hour is another one. */
const EDGES: readonly (readonly [string, string])[] = [
  ['2026-03-29T00:59:59.999Z', 'Europe/Paris'],
  ['2026-03-29T01:00:00.000Z', 'Europe/Paris'],
  ['2026-10-25T00:30:00.000Z', 'Europe/Paris'],
  ['2026-10-25T01:30:00.000Z', 'Europe/Paris'],
  ['2028-02-29T23:59:59.999Z', 'Pacific/Auckland'],
  ['2026-12-31T23:59:59.999Z', 'Asia/Kathmandu'],
  ['2027-01-01T00:00:00.000Z', 'America/Los_Angeles'],
];

test.each(EDGES)(
  'a file that is taken in at %s on a machine in %s lies in the folder of its day in UTC',
  async (instant, where) => {
    process.env.TZ = where;
    const lake = join(root, `${instant.replaceAll(':', '-')}`);
    const input = join(root, 'input.csv');
    const times = ['2026-03-29T02:30:00Z', '2028-02-29T12:00:00+13:00', '2026-12-31T23:30:00-02:00'];
    const lines = times.map((time, n) => `B-${n},${time},${BOOKING_LINE}`);
    await writeFile(input, [`booking_id,event_time,${BOOKING_HEADER}`, ...lines, ''].join('\n'));
    await runLake({ lake, dataset: bookings, inputs: [input], now: () => new Date(instant) });
    const { entries, rows } = await readLake(lake, 'bookings');
    expect(entries).toMatchObject([{ rowsIn: 3, accepted: 3, rejected: 0, ingestDate: instant.slice(0, 10) }]);
    expect(entries[0]?.files.every(({ key }) => key.includes(`ingest_date=${instant.slice(0, 10)}/`))).toBe(true);
    expect(rows.curated.rows).toBe(3);
    const store = await openFileStore(lake);
    const paths = entries[0]?.files.map(({ key }) => `'${store.pathOf('processed', key)}'`).join(', ');
    const found = await withEngine(store, async (connection) => {
      const answer = await connection.runAndReadAll(
        `select epoch_ms(event_time) from read_parquet([${paths}], hive_partitioning = false) order by booking_id`,
      );
      return answer.getRows().map(([time]) => new Date(Number(time)).toISOString());
    });
    expect(found).toEqual(times.map((time) => new Date(time).toISOString()));
  },
);

test('a clock that goes back by 15 minutes between files, or on by as much, loses and doubles no row', async (context) => {
  const lake = join(root, 'skewed');
  const noon = Date.UTC(2026, 10, 21, 0, 5);
  let files = 0;
  for (const minutes of [0, -15, 15, -15, 0]) {
    const input = join(root, `file-${files}.csv`);
    const lines = [0, 1].map((n) => `B-${files + n},2026-11-0${n + 1}T00:00:00Z,${BOOKING_LINE}`);
    await writeFile(input, [`booking_id,event_time,${BOOKING_HEADER}`, ...lines, ''].join('\n'));
    const now = () => new Date(noon + minutes * 60_000);
    for (let time = 0; time < 2; time += 1) await runLake({ lake, dataset: bookings, inputs: [input], now });
    files += 1;
    injected(context);
  }
  const { entries, rows } = await readLake(lake, 'bookings');
  expect(entries.map(({ rowsIn }) => rowsIn)).toEqual([2, 2, 2, 2, 2]);
  expect([rows.processed.rows, rows.curated.rows]).toEqual([10, 6]);
});
