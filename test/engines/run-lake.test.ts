import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasetNamed } from '../../datasets/index.ts';
import { runLake } from '../../local/runner.ts';
import { writeBookings, writeNamedBookings } from '../faults/booking-files.ts';
import { readLake } from '../faults/lake-state.ts';

let folder: string;
let lake: string;
let input: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-'));
  lake = join(folder, 'lake');
  input = join(folder, 'bookings.csv');
  await writeBookings(input, 400, 1);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that is in the ledger changes nothing, whatever its name, and gives the same counts', async () => {
  const first = await run([input]);
  const files = await filesWithTimes();
  const other = join(folder, 'again.csv');
  await writeFile(other, await readFile(input));
  for (const path of [input, other]) {
    const again = await run([path]);
    expect(again.inputs.map((one) => one.status)).toEqual(['already in the lake']);
    const { rowsIn, accepted, rejected, duplicates, rejectedByReason, cleaned } = first;
    expect(again).toMatchObject({ rowsIn, accepted, rejected, duplicates, rejectedByReason, cleaned });
  }
  expect(await filesWithTimes()).toEqual(files);
});

test('the same bytes given twice in one run count once', async () => {
  const summary = await run([input, input]);
  expect(summary.inputs.map((one) => one.status)).toEqual(['taken in', 'already in the lake']);
  expect(summary.rowsIn).toBe(400);
});

test('files that are taken in one after the other or at once make the same curated rows', async () => {
  const inputs = [input, join(folder, 'a.csv'), join(folder, 'b.csv')];
  await writeNamedBookings(inputs[1] ?? '', 300, 2);
  await writeNamedBookings(inputs[2] ?? '', 300, 3);
  await run(inputs);
  const together = await readLake(lake, 'bookings');
  await rm(join(lake, 'raw'), { recursive: true });
  for (const zone of ['processed', 'rejected', 'curated']) await rm(join(lake, zone), { recursive: true });
  for (const path of [...inputs].reverse()) await run([path]);
  expect((await readLake(lake, 'bookings')).rows).toEqual(together.rows);
});

test('a file that lies in raw/ is taken from there, not copied', async () => {
  const inside = join(lake, 'raw', 'dropped', 'bookings.csv');
  await mkdir(join(inside, '..'), { recursive: true });
  await writeFile(inside, await readFile(input));
  expect(await run([inside])).toMatchObject({ rowsIn: 400 });
  expect(await readdir(join(lake, 'raw'))).toEqual(['dropped']);
  expect((await readLake(lake, 'bookings')).entries).toMatchObject([{ rawKey: 'dropped/bookings.csv' }]);
});

test('fails on a file that is refused, which takes back only that file and what it put', async () => {
  const bad = join(folder, 'bad.csv');
  await writeFile(bad, '<html>');
  await expect(run([input, bad])).rejects.toThrow(/^bad\.csv: /);
  const state = await readLake(lake, 'bookings');
  expect(state.entries.map((entry) => entry.name)).toEqual(['bookings.csv']);
  expect(state.rows.curated.rows).toBe(state.rows.processed.rows);
  expect(state.files.filter((file) => file.startsWith('raw/') || file.startsWith('.tmp/'))).toHaveLength(1);

  const dropped = join(lake, 'raw', 'bad.csv');
  await writeFile(dropped, '<html>');
  await expect(run([dropped])).rejects.toThrow(/bad\.csv/);
  expect(await readFile(dropped, 'utf8')).toBe('<html>');
});

test.each([
  ['is not there', 'missing.csv', /the input .*missing\.csv is not there; check the path/],
  ['is a folder', '.', /is a folder; name the files in it/],
])('fails on an input that %s', async (_, name, words) => {
  await expect(run([join(folder, name)])).rejects.toThrow(words);
});

test('the key of pseudonyms is readable by its owner only, and shows nowhere', async () => {
  await writeNamedBookings(input, 50, 2);
  const summary = await run([input]);
  const path = join(lake, '.keys', 'pseudonym.json');
  const { secret } = JSON.parse(await readFile(path, 'utf8')) as { secret: string };
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  expect(JSON.stringify(summary)).not.toContain(secret);

  await writeFile(path, '{"version":1,"secret":"short-secret');
  const refusal = await run([input]).catch((error: Error) => error);
  expect(String(refusal)).toContain('is no pseudonym key');
  expect(`${refusal}${(refusal as Error).stack}`).not.toContain('short-secret');
});

function run(inputs: readonly string[]) {
  return runLake({ lake, dataset: datasetNamed('bookings'), inputs, now: () => new Date('2026-11-21T07:00:00.123Z') });
}

async function filesWithTimes(): Promise<string[]> {
  const { files } = await readLake(lake, 'bookings');
  return Promise.all(files.map(async (file) => `${file} ${(await stat(join(lake, file))).mtimeMs}`));
}
