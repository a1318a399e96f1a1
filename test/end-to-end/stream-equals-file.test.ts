import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pseudonymKey } from '../../core/etl/pseudonym.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { generator } from '../../datasets/bookings/generate.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { curateLake } from '../../local/curate-lake.ts';
import { openFileStore } from '../../local/file-store.ts';
import { streamRows } from '../../local/firehose.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { rowsOfFile } from '../../local/stream-file.ts';
import { sharedData } from '../shared-data.ts';

const BOOKINGS = datasetNamed('bookings');
const KEY = pseudonymKey(1, Buffer.alloc(32, 7));
const now = () => new Date('2026-11-21T08:00:00Z');
const real = sharedData('bookings/customer_booking_dev.csv');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-stream-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['csv', 'csv.gz', 'jsonl', 'json'])(
  'the rows of a dirty %s file are curated alike by stream and as a file',
  async (format) => {
    const out = join(folder, `dirty.${format}`);
    await generateFile({ dataset: BOOKINGS, rows: 8000, seed: 9, dirty: 0.1, out, columns: generator.columns });
    await expectAlike(out, format);
  },
);

test.runIf(real !== undefined)(
  'the rows of the public booking file are curated alike by stream and as a file',
  async () => {
    await expectAlike(real ?? '', 'real');
  },
);

test('a stream accounts for every row that was sent, whether answered, repeated or refused', async () => {
  const out = join(folder, 'counted.jsonl');
  await generateFile({ dataset: BOOKINGS, rows: 5000, seed: 3, dirty: 0.1, out, columns: generator.columns });
  const lake = join(folder, 'counted');
  const summary = await stream(out, lake);
  expect(summary.rowsIn).toBe(5000);
  expect(summary.accepted + summary.rejected + summary.duplicates).toBe(5000);
  const entries = await listEntries(await openFileStore(lake), 'bookings');
  expect(entries.reduce((sum, entry) => sum + entry.rowsIn, 0)).toBe(5000);
});

async function expectAlike(input: string, name: string): Promise<void> {
  const [byFile, byStream] = [join(folder, `file-${name}`), join(folder, `stream-${name}`)];
  const taken = await runLake({ lake: byFile, dataset: BOOKINGS, inputs: [input], pseudonymKey: KEY, now });
  const sent = await stream(input, byStream);
  expect([sent.rowsIn, sent.rejected]).toEqual([taken.rowsIn, taken.rejected]);
  await curateLake({ lake: byStream, dataset: BOOKINGS, now });
  expect(await differences(byFile, byStream)).toEqual([]);
}

async function stream(input: string, lake: string) {
  const store = await openFileStore(lake);
  const rows = rowsOfFile(input, BOOKINGS, await store.scratch.folder('rows'));
  return streamRows({ lake, dataset: BOOKINGS, rows, pseudonymKey: KEY, now });
}

/** Curated rows that only one of two lakes has, apart from how and when they came. */
async function differences(one: string, other: string): Promise<unknown[]> {
  const rows = (lake: string) =>
    `select * exclude (source, ingested_at) from read_parquet('${lake}/curated/bookings/**/*.parquet', hive_partitioning = false)`;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `(${rows(one)} except all ${rows(other)}) union all (${rows(other)} except all ${rows(one)}) limit 5`,
  );
  connection.closeSync();
  instance.closeSync();
  return reader.getRowObjectsJson();
}
