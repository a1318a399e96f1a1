import { cp, mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pseudonymise } from '../../core/etl/pseudonym.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import type { Zone } from '../../core/ports.ts';
import { backfillLake } from '../../local/backfill.ts';
import { type ErasureSummary, eraseFromLake } from '../../local/erase.ts';
import { openFileStore } from '../../local/file-store.ts';
import { openPseudonymKey } from '../../local/pseudonym-key.ts';
import { replayRejected } from '../../local/replay.ts';
import { runLake } from '../../local/runner.ts';
import { withdraw } from '../../local/withdraw.ts';
import { digests } from './digests.ts';
import { ERASED_AT, isReplayed, makeErasureLake, NAMESAKE, PERSON, PLAN } from './erasure-lake.ts';
import { type ReadRow, rowsOf } from './lake-rows.ts';
import { tracesOf } from './person-traces.ts';

let folder: string;
let before: string;
let after: string;
let inputs: string[];
let pseudonym: string;
let summary: ErasureSummary;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-erasure-'));
  before = join(folder, 'before');
  after = join(folder, 'after');
  inputs = await makeErasureLake(before, folder);
  pseudonym = pseudonymise(await openPseudonymKey(before), PERSON);
  await cp(before, after, { recursive: true, preserveTimestamps: true });
  summary = await erase(after);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the lake holds the person in every zone, in files of every shape, and in the name of one', async () => {
  const traces = await tracesOf(before, PERSON);
  const zones = new Set(traces.map((path) => path.split('/')[0]));
  expect([...zones]).toEqual(expect.arrayContaining(['processed', 'raw', 'rejected', 'samples']));
  for (const name of [
    'plain.csv',
    'crlf.csv.gz',
    'wide.csv',
    'lines.jsonl',
    'array.json',
    'wrong.csv',
    'nameless.csv',
    'book.xlsx',
  ])
    expect(traces.some((path) => path.startsWith('raw/') && path.endsWith(name))).toBe(true);
  const stored = new Set((await tracesOf(before, pseudonym)).map((path) => path.split('/')[0]));
  expect([...stored]).toEqual(['processed']);
  const { rows, samples } = summary;
  expect(samples).toBe(1);
  for (const place of ['raw', 'processed', 'rejected', 'scores', 'failed_records', 'unnamed_files'])
    expect([place, (rows[place] ?? 0) > 0]).toEqual([place, true]);
});

test('nothing of an erased person is left in any file or name of the lake, nor in the record of it', async () => {
  expect(await tracesOf(after, PERSON)).toEqual([]);
  expect(await tracesOf(after, pseudonym)).toEqual([]);
  expect((await tracesOf(after, NAMESAKE)).length).toBeGreaterThan(10);
});

test('what is left is what was there less the rows of the person, value by value, in the same order', async () => {
  const isTheirs = (row: ReadRow) => row.customer_id === pseudonym;
  const processed = [await processedRows(before), await processedRows(after)] as const;
  expect(processed[0].filter(isTheirs).length).toBe(summary.rows.processed);
  expect(processed[1]).toEqual(processed[0].filter((row) => !isTheirs(row)));

  const names = new Map((await entriesOf(after)).map(({ id, name }) => [id, name]));
  const rejected = [await rejectedRows(before), await rejectedRows(after)] as const;
  const left = new Set(rejected[1].map(identityOf));
  const gone = rejected[0].filter((row) => !left.has(identityOf(row)));
  expect(gone.length).toBe(summary.rows.rejected);
  expect(gone.every(({ raw, raw_encoding }) => isNamedIn(String(raw), raw_encoding))).toBe(true);
  const kept = rejected[0].filter((row) => left.has(identityOf(row)));
  expect(rejected[1]).toEqual(kept.map((row) => renamed(row, names)));
});

test('an untouched row of a curated table is as it was, and one whose newer row was erased shows the one before', async () => {
  const [old, now] = [await curatedRows(before), await curatedRows(after)];
  const theirKeys = new Set((await processedRows(before)).filter(isOfPerson).map(({ booking_id }) => booking_id));
  const untouched = (rows: readonly ReadRow[]) => rows.filter(({ booking_id }) => !theirKeys.has(booking_id));
  expect(byId(untouched(now))).toEqual(byId(untouched(old)));
  const ids = new Set((await processedRows(after)).map(({ booking_id }) => booking_id));
  expect(new Set(now.map(({ booking_id }) => booking_id))).toEqual(ids);
  expect(now.some(({ booking_id }) => theirKeys.has(booking_id))).toBe(true);
  // In files of earlier publications and in scores as well, which name no customer.
  const all = Object.keys(digests(after)).filter((path) => /^curated\/booking(s|_scores)\/.*parquet$/.test(path));
  const shown = await rowsOf(all.map((path) => join(after, path)));
  expect(shown.filter(({ booking_id }) => !ids.has(booking_id))).toEqual([]);
  expect(shown.length).toBeGreaterThan(now.length);
});

test('the account of every object is exact after an erasure, and says how many rows left it', async () => {
  const old = new Map((await entriesOf(before)).map((entry) => [entry.id, entry]));
  let erased = 0;
  for (const entry of await entriesOf(after)) {
    expect(entry.rowsIn).toBe(entry.accepted + entry.rejected + entry.duplicates);
    const rows = entry.erasedRows ?? 0;
    expect(entry.erasures?.length ?? 0).toBe(rows > 0 ? 1 : 0);
    expect(entry.rowsIn + rows).toBe(old.get(entry.id)?.rowsIn);
    const reasons = Object.values(entry.rejectedByReason).reduce((sum, count) => sum + count, 0);
    expect(reasons).toBe(entry.rejected);
    erased += rows;
  }
  expect(erased).toBe((summary.rows.processed ?? 0) + (summary.rows.rejected ?? 0));
});

test('a backfill finds every object as the erasure has left it, line by line, and a replay finds nothing', async () => {
  const lake = await copyOf(after, 'backfilled');
  const now = () => new Date(ERASED_AT);
  const replayed = await replayRejected({ lake, dataset: PLAN, now });
  expect(replayed.accepted).toBe(0);
  const curated = await curatedRows(lake);
  const backfill = await backfillLake({ lake, dataset: PLAN, from: '2026-11', to: '2026-11', now });
  // What a stricter contract had taken in is replaced by today's, and its replays with it.
  for (const { name, outcome } of backfill.objects)
    expect([name, outcome]).toEqual([name, isReplayed(name) ? 'replaced' : 'unchanged']);
  expect(byId(await curatedRows(lake))).toEqual(byId(curated));
  expect(await tracesOf(lake, pseudonym)).toEqual([]);
}, 60_000);

test('the same files, coming again, do not bring the person back, whether withdrawn before the erasure or after', async () => {
  const lake = await copyOf(after, 'again');
  const now = () => new Date(ERASED_AT);
  const { id } = (await entriesOf(lake)).find(({ name }) => name === 'wide.csv') ?? { id: '' };
  await withdraw({ lake, dataset: PLAN, id, now });
  expect(await erase(lake)).toMatchObject({ outcome: 'nothing found' });
  const run = await runLake({ lake, dataset: PLAN, inputs, now });
  const again = run.inputs.filter(({ status }) => status === 'taken in').map(({ name }) => name);
  expect(again.sort()).toEqual(['wide.csv', 'wrong.csv']);
  expect(await tracesOf(lake, PERSON)).toEqual([]);
  expect(await tracesOf(lake, pseudonym)).toEqual([]);
  const { objects } = await backfillLake({ lake, dataset: PLAN, from: '2026-11', to: '2026-11', now });
  for (const name of again) expect(objects.find((object) => object.name === name)?.outcome).toBe('unchanged');
}, 60_000);

test('fails, and changes nothing, where anything of the lake cannot be searched', async () => {
  const hurt: readonly (readonly [RegExp, string])[] = [
    [/^raw\/.*crlf\.csv\.gz$/, 'cannot be searched, for it is a torn gzip'],
    [/^raw\/.*plain\.csv$/, 'rows of raw/'],
    [/^processed\/bookings\/.*parquet$/, 'processed'],
    [/^rejected\/bookings\/.*parquet$/, 'rejected'],
    [/^curated\/booking_scores\/.*parquet$/, 'booking_scores'],
  ];
  for (const [place, words] of hurt) {
    const lake = await copyOf(before, 'hurt');
    const path = join(lake, Object.keys(digests(lake)).find((file) => place.test(file)) ?? '');
    await truncate(path, Math.floor((await stat(path)).size / 2));
    const hurtLake = digests(lake);
    await expect(erase(lake)).rejects.toThrow(words);
    expect(digests(lake)).toEqual(hurtLake);
    await rm(lake, { recursive: true });
  }
}, 60_000);

test('erasing again changes nothing, and so does looking only', async () => {
  const lake = await copyOf(after, 'twice');
  expect(await erase(lake)).toMatchObject({ outcome: 'nothing found', curated: [] });
  expect(digests(lake)).toEqual(digests(after));
  const looked = await copyOf(before, 'looked');
  expect(await erase(looked, { confirm: async () => false })).toMatchObject({
    outcome: 'not confirmed',
    rows: summary.rows,
  });
  expect(digests(looked)).toEqual(digests(before));
}, 60_000);

test('an erasure by the pseudonym leaves no row of it in what analysts read', async () => {
  const lake = await copyOf(before, 'by-pseudonym');
  const done = await eraseFromLake({
    lake,
    dataset: PLAN,
    person: { pseudonym },
    now: () => new Date(ERASED_AT),
    confirm: async () => true,
  });
  expect(done.rows.processed).toBe(summary.rows.processed);
  expect(await tracesOf(lake, pseudonym)).toEqual([]);
}, 60_000);

function erase(lake: string, given: { readonly confirm?: () => Promise<boolean> } = {}): Promise<ErasureSummary> {
  const now = () => new Date(ERASED_AT);
  const person = { identifier: PERSON };
  return eraseFromLake({ lake, dataset: PLAN, person, now, confirm: async () => true, ...given });
}

async function copyOf(lake: string, name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(lake, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

async function entriesOf(lake: string): Promise<LedgerEntry[]> {
  return listEntries(await openFileStore(lake), PLAN.name);
}

async function processedRows(lake: string): Promise<ReadRow[]> {
  return rowsAt(lake, 'processed', visibleFiles(await entriesOf(lake)));
}

async function rejectedRows(lake: string): Promise<ReadRow[]> {
  return rowsAt(lake, 'rejected', visibleRejectedFiles(await entriesOf(lake)));
}

async function curatedRows(lake: string): Promise<ReadRow[]> {
  const manifest = await readCurrentManifest(await openFileStore(lake), PLAN.name);
  return rowsAt(lake, 'curated', manifest === undefined ? [] : curatedFiles(manifest));
}

async function rowsAt(lake: string, zone: Zone, files: readonly { readonly key: string }[]): Promise<ReadRow[]> {
  const store = await openFileStore(lake);
  return rowsOf(files.map(({ key }) => store.pathOf(zone, key)));
}

function isOfPerson(row: ReadRow): boolean {
  return row.customer_id === pseudonym;
}

/** Which row it is, by all but the name of its file. */
function identityOf({ source_name: _, ...row }: ReadRow): string {
  return JSON.stringify(row);
}

function renamed(row: ReadRow, names: ReadonlyMap<string, string>): ReadRow {
  const name = names.get(String(row.source_checksum));
  return row.source === 'batch' && name !== undefined ? { ...row, source_name: name } : row;
}

function isNamedIn(raw: string, encoding: unknown): boolean {
  const text = encoding === 'base64' ? Buffer.from(raw, 'base64').toString('utf8') : raw;
  const plain = text
    .replace(/\\u00fc/gi, 'ü')
    .normalize('NFKC')
    .toLowerCase();
  return plain.includes(PERSON.normalize('NFKC').toLowerCase());
}

function byId(rows: readonly ReadRow[]): ReadRow[] {
  return [...rows].sort((a, b) => (String(a.booking_id) < String(b.booking_id) ? -1 : 1));
}
