import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateFile, generateRows } from './generate-file.ts';

const BOOKINGS = { name: 'bookings' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-generate-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('the name of a file says its format, and a packed file holds the same text', async () => {
  const csv = await written('a.csv');
  expect(csv.toString().split('\n')).toHaveLength(20_002);
  expect(gunzipSync(await written('a.csv.gz')).equals(csv)).toBe(true);
  const jsonLines = (await written('a.jsonl')).toString().trimEnd().split('\n');
  const elements = JSON.parse((await written('a.json')).toString());
  expect(JSON.stringify(jsonLines.map((line) => JSON.parse(line)))).toBe(JSON.stringify(elements));
  expect(
    gunzipSync(await written('A.JSONL.GZ'))
      .toString()
      .split('\n'),
  ).toHaveLength(20_001);
});

test('progress ends at the number of rows, and the answer says what was written', async () => {
  const seen: number[] = [];
  const out = join(folder, 'progress.csv');
  const answer = await generateFile({
    dataset: BOOKINGS,
    rows: 20_000,
    seed: 1,
    out,
    dirty: 0.01,
    onProgress: (rows) => seen.push(rows),
  });
  expect(seen.at(-1)).toBe(20_000);
  expect(answer).toMatchObject({ dataset: 'bookings', rows: 20_000, seed: 1, format: 'csv', out });
  expect(answer.broken.find(({ kind }) => kind === 'text in a number')).toMatchObject({
    outcome: 'rejected',
    by: 'purchase_lead:type',
  });
});

test('fails for a name without a format, and for a dataset without a generator', async () => {
  const options = { dataset: BOOKINGS, rows: 1, seed: 1, out: join(folder, 'a.parquet') };
  await expect(generateFile(options)).rejects.toThrow('expected one that ends in .csv, .csv.gz, .jsonl');
  const unknown = { ...options, dataset: { name: 'flights' }, out: join(folder, 'a.csv') };
  await expect(generateFile(unknown)).rejects.toThrow(
    "no generator for the dataset 'flights', expected one of bookings",
  );
});

test('fails for a folder that is not there, in a sentence', async () => {
  const out = join(folder, 'nowhere', 'a.csv');
  await expect(generateFile({ dataset: BOOKINGS, rows: 1, seed: 1, out })).rejects.toThrow(
    `'${out}' cannot be written: there is no folder '${join(folder, 'nowhere')}'`,
  );
});

test('fails half way without leaving a file or harming the one that was there', async () => {
  const out = join(folder, 'kept.csv');
  await writeFile(out, 'before');
  const onProgress = () => {
    throw new Error('stopped');
  };
  await expect(generateFile({ dataset: BOOKINGS, rows: 20_000, seed: 1, out, onProgress })).rejects.toThrow('stopped');
  expect(await readFile(out, 'utf8')).toBe('before');
  expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
});

test('rows for a stream are plain objects', () => {
  const rows = generateRows({ dataset: BOOKINGS, seed: 1, now: () => new Date(0) })[Symbol.iterator]();
  expect(rows.next().value).toMatchObject({ booking_id: 'BK-1-000000000', event_time: '1970-01-01T00:00:00.000Z' });
});

async function written(name: string): Promise<Buffer> {
  const out = join(folder, name);
  await generateFile({ dataset: BOOKINGS, rows: 20_000, seed: 1, out });
  return readFile(out);
}
