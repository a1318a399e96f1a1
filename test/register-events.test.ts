import { Buffer } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { toParquet } from '../core/contract/to-parquet.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { datasetNamed } from '../datasets/index.ts';
import { registerEvents } from '../lambdas/register/register-events.ts';
import { openFileStore } from '../local/file-store.ts';
import { aBooking } from './engines/bookings-lake.ts';

const plan = datasetNamed('bookings');
const root = await mkdtemp(join(tmpdir(), 'laketwin-register-'));
const store = await openFileStore(root);
const reports: { readonly key: string; readonly entry?: LedgerEntry; readonly message?: string }[] = [];
const register = registerEvents({
  store,
  datasetNamed,
  scratch: root,
  report: (done) => reports.push(done),
});

afterAll(() => rm(root, { recursive: true, force: true }));

const KEY = 'bookings/ingest_date=2026-01-02/lake-1-2026-01-02-03-00-00-abc.stream.parquet';

test('a file that a stream delivered is entered into the ledger once, however often it is told of', async () => {
  const rows = ['b-2', 'b-1', 'b-2'].map((booking_id, line) =>
    aBooking({
      booking_id,
      ingested_at: '2026-01-02T03:00:00.000Z',
      source: 'stream',
      source_checksum: 'c'.repeat(64),
      source_line: BigInt(line),
    }),
  );
  await store.put('processed', KEY, toParquet(plan, rows));
  await register(toldOf(KEY));
  expect(await register(toldOf(KEY))).toEqual({ batchItemFailures: [] });
  expect(await listEntries(store, 'bookings')).toEqual([
    expect.objectContaining({
      source: 'stream',
      rowsIn: 3,
      accepted: 2,
      duplicates: 1,
      rejected: 0,
      keyRange: ['b-1', 'b-2'],
      sources: ['c'.repeat(64)],
      files: [expect.objectContaining({ key: KEY, rows: 3 })],
    }),
  ]);
});

test('a file that is no longer there, or that no stream delivered, is passed over', async () => {
  const gone = KEY.replace('abc', 'gone');
  expect(await register(toldOf(gone))).toEqual({ batchItemFailures: [] });
  expect(await register(toldOf('bookings/ingest_date=2026-01-02/1234-00000.parquet'))).toEqual({
    batchItemFailures: [],
  });
  expect(reports.at(-1)).toEqual({ key: gone, message: 'it was removed before it was read' });
});

test('fails for a torn file, whose message then comes again', async () => {
  const torn = KEY.replace('abc', 'torn');
  await store.put('processed', torn, Buffer.from('PAR1 torn'));
  expect(await register(toldOf(torn))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
});

function toldOf(key: string) {
  const body = JSON.stringify({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] });
  return { Records: [{ messageId: 'm-1', body }] };
}
