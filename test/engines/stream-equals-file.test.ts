import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curateLake } from '../../local/curate-lake.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { streamRows } from '../../local/firehose.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { rowsOfFile } from '../../local/stream-file.ts';
import { sharedData } from '../shared-data.ts';

const NOW = () => new Date('2026-11-01T12:00:00Z');
const KEY = { version: 1, secret: new Uint8Array(32).fill(7) };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-stream-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(['csv', 'csv.gz', 'jsonl', 'json'])(
  'generated rows of a .%s, broken ones among them, are the same bookings by stream and by file',
  async (ending) => {
    const input = join(folder, `bookings.${ending}`);
    await generateFile({ dataset: bookings, rows: 4_000, out: input, seed: 5, dirty: 0.1 });
    const byFile = await takeIn(input);
    const byStream = await send(input);
    expect(byStream.rows).toEqual(byFile.rows);
    expect(byStream.counts.accepted).toBe(byFile.counts.accepted);
    // A record may hold an array of rows, a line of a file may not: `[1,2]` is two bad rows there and one here.
    expect(byStream.counts.rejected).toBeGreaterThanOrEqual(byFile.counts.rejected);
    expect(byFile.counts.rejected).toBeGreaterThan(50);
  },
);

test('the public file gives the same bookings by stream and by file', async () => {
  const input = sharedData('bookings/customer_booking_dev.csv');
  if (input === undefined) return;
  const byFile = await takeIn(input);
  expect(byFile.counts).toEqual({ rowsIn: 39_999, accepted: 39_999, rejected: 0, duplicates: 0 });
  expect(await send(input)).toEqual(byFile);
});

test('what a file and a stream both bring is one booking', async () => {
  const input = join(folder, 'bookings.csv');
  await generateFile({ dataset: bookings, rows: 500, out: input, seed: 6 });
  const lake = join(folder, 'both');
  await runLake({ lake, dataset: bookings, inputs: [input], now: NOW, pseudonymKey: KEY });
  const once = await bookingsOf(lake);
  await streamInto(lake, input);
  expect(await bookingsOf(lake)).toEqual(once.map((row) => ({ ...row, versions: 2 })));
});

test('a row without an id and without a place is rejected, and nothing of it is lost', async () => {
  const lake = join(folder, 'lone');
  const rows = [JSON.stringify({ num_passengers: 1 }), 'not json', '7'];
  const summary = await streamRows({ lake, dataset: bookings, rows, now: NOW, pseudonymKey: KEY });
  expect(summary).toMatchObject({ rowsIn: 3, accepted: 0, rejected: 3, duplicates: 0 });
  expect(summary.rejectedByReason).toMatchObject({ 'booking_id:missing': 1 });
});

async function takeIn(input: string) {
  const lake = join(folder, 'by-file');
  const { rowsIn, accepted, rejected, duplicates } = await runLake({
    lake,
    dataset: bookings,
    inputs: [input],
    now: NOW,
    pseudonymKey: KEY,
  });
  return { counts: { rowsIn, accepted, rejected, duplicates }, rows: await bookingsOf(lake) };
}

async function send(input: string) {
  const lake = join(folder, 'by-stream');
  const { rowsIn, accepted, rejected, duplicates } = await streamInto(lake, input);
  return { counts: { rowsIn, accepted, rejected, duplicates }, rows: await bookingsOf(lake) };
}

async function streamInto(lake: string, input: string) {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  const rows = rowsOfFile(input, bookings, scratch);
  const summary = await streamRows({ lake, dataset: bookings, rows, now: NOW, pseudonymKey: KEY });
  expect(existsSync(scratch)).toBe(false);
  await curateLake({ lake, dataset: bookings, now: NOW });
  return summary;
}

/** All curated bookings but for what says how and when they came. */
async function bookingsOf(lake: string) {
  const engine = await openEngine(await openFileStore(lake), [bookings]);
  try {
    const { columns, rows } = await engine.query('select * from bookings order by booking_id');
    const ways = new Set(['source', 'ingested_at', 'ingest_date']);
    return rows.map((row) =>
      Object.fromEntries(
        row.flatMap((value, index) => {
          const name = columns[index]?.name ?? '';
          return ways.has(name) ? [] : [[name, value] as const];
        }),
      ),
    );
  } finally {
    engine.close();
  }
}
