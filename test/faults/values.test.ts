import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { convertEvents } from '../../lambdas/convert/convert-events.ts';
import { convertObject } from '../../lambdas/convert/convert-object.ts';
import { registerEvents } from '../../lambdas/register/register-events.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { runLake } from '../../local/runner.ts';
import { BOOKING_HEADER, BOOKING_LINE, convertInput, TEST_KEY } from '../convert-input.ts';
import { aBooking } from '../engines/bookings-lake.ts';
import { seeded } from './booking-files.ts';
import { injected } from './injected.ts';
import { messageOf } from './notification.ts';

const root = await mkdtemp(join(tmpdir(), 'laketwin-values-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const bookings = datasetNamed('bookings');
const now = () => new Date('2026-11-21T07:00:00Z');
/** Size of the endless line: the whole one takes half a minute. */
const GIB = process.env.LAKETWIN_FAULTS === 'whole' ? 10 : 1;
let files = 0;

test('a Parquet file that is torn at any byte is told of and stays unseen, and whole again it has one effect', async (context) => {
  const store = await openFileStore(join(root, 'torn'));
  const messages: string[] = [];
  const report = (done: { readonly message?: string }) => void messages.push(done.message ?? '');
  const register = registerEvents({ store, datasetNamed, scratch: root, report });
  const rows = Array.from({ length: 200 }, (_, n) =>
    aBooking({
      booking_id: `b-${n}`,
      ingested_at: '2026-01-02T03:00:00.000Z',
      source: 'stream',
      source_line: BigInt(n),
    }),
  );
  const whole = toParquet(bookings, rows);
  const key = 'bookings/ingest_date=2026-01-02/a.stream.parquet';
  const draw = seeded(4);
  const cuts = [0, 3, whole.length - 1, whole.length - 4, ...Array.from({ length: 16 }, () => draw() * whole.length)];
  for (const cut of cuts) {
    await store.put('processed', key, whole.subarray(0, Math.floor(cut)));
    expect((await register({ Records: [messageOf(key)] })).batchItemFailures).toHaveLength(1);
    expect(messages.at(-1)).toMatch(/\w{3}/);
    expect(await listEntries(store, 'bookings')).toEqual([]);
    injected(context);
  }
  await store.put('processed', key, whole);
  for (let time = 0; time < 2; time += 1) {
    expect((await register({ Records: [messageOf(key)] })).batchItemFailures).toEqual([]);
    expect(await listEntries(store, 'bookings')).toMatchObject([{ rowsIn: 200, accepted: 200 }]);
  }
});

test('keys that look alike are different keys or none: forms of Unicode, other alphabets and zero width are refused by reason', async (context) => {
  const alike = ['B-é', 'B-e\u0301', 'В-1', 'B\u200b-1', 'B-1\u00ad', '\ufeffB-1', 'B-１'];
  const lines = ['B-1', ...alike].map((id) => `${id},${BOOKING_LINE}`);
  const { summary, ask } = await run([`booking_id,${BOOKING_HEADER}`, ...lines, ''].join('\n'));
  expect(summary).toMatchObject({ rowsIn: 8, duplicates: 0 });
  const kept = await ask('select booking_id from bookings order by 1');
  const refused = await ask('select reason, count(*) from rejected_bookings group by 1');
  expect(kept).toEqual([['B-1']]);
  expect(refused).toEqual([['booking_id:pattern', 7n]]);
  injected(context, alike.length);
});

test('a customer written in two forms of Unicode is one pseudonym, and a look-alike of another alphabet another', async (context) => {
  const customers = ['Zoé', 'Zoe\u0301', ' zoé ', 'Ζoé'];
  const lines = customers.map((customer, n) => `B-${n},${customer},${BOOKING_LINE}`);
  const { ask } = await run([`booking_id,customer_id,${BOOKING_HEADER}`, ...lines, ''].join('\n'));
  const found = await ask('select customer_id from processed_bookings order by booking_id');
  const pseudonyms = found.map(([pseudonym]) => pseudonym);
  expect(new Set(pseudonyms.slice(0, 3)).size).toBe(1);
  expect(new Set(pseudonyms).size).toBe(2);
  injected(context, 3);
});

test('JSON nested 10,000 deep is one rejected row, within a file and as an element', async (context) => {
  const good = JSON.stringify(
    Object.fromEntries(BOOKING_HEADER.split(',').map((name, at) => [name, BOOKING_LINE.split(',')[at]])),
  );
  const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  for (const text of [[good, deep, good].join('\n'), `[${[good, deep, good].join(',')}]`]) {
    const { summary } = await run(text, 'jsonl');
    expect(summary).toMatchObject({ rowsIn: 3, accepted: 2, rejected: 1 });
    injected(context);
  }
});

test(`a line of ${GIB} GB without an end is one rejected row in bounded memory, and the rows before it are kept`, async (context) => {
  const input = await convertInput(root, '');
  const head = `${BOOKING_HEADER}\n${`${BOOKING_LINE}\n`.repeat(30_000)}2,Internet,`;
  await writeFile(input.path, head);
  // The system stores no byte of the hole, and reads it as zeros.
  await truncate(input.path, GIB * 1024 ** 3);
  const before = process.memoryUsage().rss;
  let highest = before;
  const onProgress = () => {
    highest = Math.max(highest, process.memoryUsage().rss);
  };
  const entry = await convertObject({ ...input, sizeBytes: GIB * 1024 ** 3, onProgress });
  expect(entry).toMatchObject({ rowsIn: 30_001, accepted: 30_000, rejectedByReason: { 'row:too_long': 1 } });
  expect((highest - before) / 1e6).toBeLessThan(400);
  injected(context);
}, 120_000);

test('keys of hostile names reach no file outside the lake, and what is no key is told of', async (context) => {
  const lake = join(root, 'outer', 'lake');
  const store = await openFileStore(lake);
  const source = `${BOOKING_HEADER}\n${BOOKING_LINE}\n`;
  const names = ['%2e%2e%2fx.csv', 'a+b c.csv', '..x', 'é😀.csv', `${'n'.repeat(200)}.csv`, "'; drop table x;--.csv"];
  for (const [n, name] of names.entries()) await store.put('raw', `bookings/${name}`, `${source}${'\n'.repeat(n)}`);
  const hostile = [
    'bookings/../../x.csv',
    '/etc/passwd',
    'bookings/a\0b',
    'bookings/../../../etc/passwd',
    '../raw/x',
    `bookings/${'k/'.repeat(510)}`,
  ];
  const outcomes: string[] = [];
  const handle = convertEvents({
    store,
    datasetNamed,
    loadPseudonymKey: async () => TEST_KEY,
    scratch: root,
    report: (done) => void outcomes.push(done.outcome),
  });
  const good = await handle({ Records: names.map((name) => messageOf(`bookings/${name}`)) });
  expect(good.batchItemFailures).toEqual([]);
  expect(outcomes).toEqual(names.map(() => 'converted'));
  await handle({ Records: hostile.map((key) => messageOf(key)) });
  const after = outcomes.slice(names.length);
  expect(after).toHaveLength(hostile.length);
  for (const outcome of after) expect(['failed', 'gone']).toContain(outcome);
  expect(await listEntries(store, 'bookings')).toHaveLength(names.length);
  injected(context, names.length + hostile.length);
});

async function run(text: string, format = 'csv') {
  const lake = join(root, `lake-${files}`);
  const input = join(root, `input-${files++}.${format}`);
  await writeFile(input, text);
  const summary = await runLake({ lake, dataset: bookings, inputs: [input], now, pseudonymKey: TEST_KEY });
  const ask = async (sql: string) => {
    const engine = await openEngine(await openFileStore(lake), [bookings]);
    try {
      return (await engine.query(sql)).rows;
    } finally {
      await engine.close();
    }
  };
  return { summary, ask };
}
