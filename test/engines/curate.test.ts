import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { curate } from '../../local/curate.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import {
  type CuratedSeat,
  checksum,
  type ObjectOfSeats,
  putSeats,
  readCurated,
  type Seat,
  seats,
} from './seats-lake.ts';

let folder: string;
let store: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lake's [a*b?] price=1 "));
  store = await openFileStore(join(folder, 'lake'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03'];

test('settled rows are those of a plain reading of the rules, however the objects came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anObject(), { minLength: 1, maxLength: 5 }), fc.nat(4), async (made, cut) => {
      await rm(store.root, { recursive: true, force: true });
      const objects = made.map(finish);
      for (const object of objects.slice(0, cut)) await putSeats(store, object);
      await settle();
      for (const object of objects.slice(cut)) await putSeats(store, object);
      const [table] = await settle();
      const expected = settleByHand(objects);
      expect(await readCurated(store)).toEqual(expected);
      const rowsIn = objects.reduce((sum, object) => sum + object.seats.length, 0);
      const repeats = expected.filter((row) => row.is_repeat).length;
      expect(table).toMatchObject({ rowsIn, rows: expected.length, superseded: rowsIn - expected.length, repeats });
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('an identical line of one file is a row of its own, flagged; the same line in two files is no repeat', async () => {
  await putSeats(
    store,
    batch('a', [seat('a', 2, { price: 5 }), seat('a', 3, { price: 5 }), seat('a', 4, { price: 6 })]),
  );
  await putSeats(store, batch('b', [seat('b', 2, { price: 5 })]));
  await settle();
  const rows = await readCurated(store);
  expect(rows.map((row) => [row.price, row.versions, row.is_repeat])).toHaveLength(4);
  expect(rows.filter((row) => row.is_repeat).map((row) => row.id)).toEqual([seat('a', 3).id]);
});

test('rows of a file that come by stream in parts are settled as the file is', async () => {
  const rows = [2, 3, 4, 5].map((line) => seat('a', line, { price: line % 2 }));
  await putSeats(store, batch('a', rows));
  await settle();
  const fromFile = await readCurated(store);

  await rm(store.root, { recursive: true });
  await putSeats(store, { ...batch('s1', rows.slice(0, 2)), source: 'stream' });
  await settle();
  await putSeats(store, { ...batch('s2', rows.slice(2)), source: 'stream' });
  await settle();
  expect(await readCurated(store)).toEqual(fromFile);
  expect(fromFile.filter((row) => row.is_repeat)).toHaveLength(2);
});

test('rows that a replay takes in later are settled with the object they came from', async () => {
  const rows = [2, 3, 4].map((line) => seat('a', line, { price: 1 }));
  await putSeats(store, batch('a', rows.slice(0, 2)));
  await settle();
  await putSeats(store, { ...batch('replay', rows.slice(2)), replayOf: checksum('a') });
  await settle();
  expect((await readCurated(store)).map((row) => row.is_repeat)).toEqual([false, true, true]);
});

test('a newer row of a key replaces the older one, also in a folder of another day', async () => {
  await putSeats(store, batch('a', [{ ...seat('a', 2), id: 'k', seen: '2025-01-02T00:00:00.000Z' }], DAYS[0]));
  await settle();
  await putSeats(
    store,
    batch('b', [{ ...seat('b', 2), id: 'k', price: 9, seen: '2025-01-03T00:00:00.000Z' }], DAYS[1]),
  );
  await putSeats(store, batch('c', [{ ...seat('c', 2), id: 'k', price: 7, seen: null }], DAYS[2]));
  const [table] = await settle();
  expect(await readCurated(store)).toEqual([
    { id: 'k', price: 9, note: null, versions: 3, is_repeat: false, day: '2026-01-02' },
  ]);
  expect(table).toMatchObject({ version: 2, rowsIn: 3, rows: 1, superseded: 2 });
});

test('a run with nothing new publishes nothing', async () => {
  await putSeats(store, batch('a', [seat('a', 2)]));
  const [first] = await settle();
  const files = await tree();
  expect(await settle()).toEqual([{ ...first, rowsSettled: 0 }]);
  expect(await tree()).toEqual(files);
});

test('a dataset without rows has no manifest', async () => {
  await putSeats(store, batch('a', []));
  expect(await settle()).toMatchObject([{ version: 0, rows: 0 }]);
  expect(await readCurrentManifest(store, 'seats')).toBeUndefined();
});

test('only what is touched is settled again: large objects that share no key stay as they are', async () => {
  const many = Array.from({ length: 250_001 }, (_, n) => seat('a', n + 2, { price: n }));
  await putSeats(store, batch('a', many), many.length);
  await settle();
  const before = await readCurrentManifest(store, 'seats');
  await putSeats(store, batch('b', [seat('b', 2)]));
  const [table] = await settle();
  expect(table).toMatchObject({ rowsSettled: 1, rows: 250_002, files: 2 });
  expect((await readCurrentManifest(store, 'seats'))?.units).toContainEqual(before?.units[0]);
}, 60_000);

test('more rows of shared keys than are settled at once lose none and keep one a key', async () => {
  const rows = Array.from({ length: 200_001 }, (_, n) => ({ ...seat('a', n + 2), id: `k${n}`, price: n % 1000 }));
  const newer = rows.map((row) => ({ ...row, price: row.price + 1, source_checksum: checksum('b') }));
  await putSeats(store, batch('a', rows, DAYS[0]), rows.length);
  await putSeats(store, batch('b', newer, DAYS[1]), rows.length);
  const [table] = await settle();
  expect(table).toMatchObject({ rowsIn: 400_002, rows: 200_001, superseded: 200_001, repeats: 200_001 - 1000 });
  const curated = await readCurated(store);
  expect(new Set(curated.map((row) => row.id)).size).toBe(200_001);
  expect(curated.every((row) => row.versions === 2 && row.day === DAYS[1])).toBe(true);
  expect(curated.filter((row) => row.is_repeat)).toHaveLength(200_001 - 1000);
}, 60_000);

test('small objects of a day share a file', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await putSeats(store, { ...batch(name, [seat(name, 2)]), source: 'stream' });
  expect(await settle()).toMatchObject([{ rows: 4, files: 1 }]);
});

test('another SQL makes the table anew, from all rows', async () => {
  await putSeats(store, batch('a', [seat('a', 2, { price: 3 })]));
  const sqlRoot = await sqlOf({
    seats: 'select id, price, note, versions, is_repeat, ingest_date from settled_seats;\n',
  });
  expect(await settle(seats, sqlRoot)).toMatchObject([{ table: 'seats', version: 1, rowsSettled: 1 }]);
  await sqlOf({
    seats: '-- twice\nselect id, price * 2 as price, note, versions, is_repeat, ingest_date from settled_seats -- end',
  });
  expect(await settle(seats, sqlRoot)).toMatchObject([{ version: 2, rowsSettled: 1 }]);
  expect(await readCurated(store)).toMatchObject([{ price: 6 }]);
});

test('a dataset may have several curated tables', async () => {
  await putSeats(store, batch('a', [seat('a', 2, { price: 3 }), seat('a', 3, { price: 30 })]));
  const columns = 'id, price, note, versions, is_repeat, ingest_date';
  const sqlRoot = await sqlOf({
    all_seats: `select ${columns} from settled_seats`,
    dear_seats: `select ${columns} from settled_seats where price > 10`,
  });
  expect(await settle(seats, sqlRoot)).toMatchObject([
    { table: 'all_seats', rows: 2 },
    { table: 'dear_seats', rows: 1 },
  ]);
  expect(await readCurated(store, 'dear_seats')).toMatchObject([{ price: 30 }]);
});

test('fails on SQL that loses the partition column, naming it', async () => {
  await putSeats(store, batch('a', [seat('a', 2)]));
  const sqlRoot = await sqlOf({ seats: 'select id from settled_seats' });
  await expect(settle(seats, sqlRoot)).rejects.toThrow(/sql\/seats\/curated\/seats.sql gives no column 'ingest_date'/);
  expect(await readdir(join(store.root, '.tmp'))).toEqual([]);
});

test('the files of the manifest before last are removed, a reader of the last one still has its own', async () => {
  const seen: string[][] = [];
  for (const name of ['a', 'b', 'c']) {
    await putSeats(store, batch(name, [seat(name, 2)]));
    await settle();
    const manifest = await readCurrentManifest(store, 'seats');
    seen.push(manifest === undefined ? [] : curatedFiles(manifest).map((file) => file.key));
  }
  await store.put('curated', 'seats/ingest_date=2026-01-01/left-by-a-killed-run.parquet', 'torn');
  await settle();
  const expected = [...(seen[1] ?? []), ...(seen[2] ?? [])].sort();
  expect((await tree()).filter((key) => key.startsWith('seats/'))).toEqual(expected);
  expect((await tree()).filter((key) => key.startsWith('_manifests/'))).toHaveLength(2);
});

function settle(plan: DatasetPlan = seats, sqlRoot = folder) {
  return curate({ store, plan, now: new Date('2026-02-01T00:00:00Z'), sqlRoot });
}

async function sqlOf(tables: Readonly<Record<string, string>>): Promise<string> {
  const sql = join(folder, 'sql');
  await mkdir(join(sql, 'seats', 'curated'), { recursive: true });
  for (const [table, text] of Object.entries(tables))
    await writeFile(join(sql, 'seats', 'curated', `${table}.sql`), text);
  return sql;
}

async function tree(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('curated', '')) keys.push(key);
  return keys;
}

function seat(file: string, line: number, given: Partial<Seat> = {}): Seat {
  const sum = checksum(file);
  const id = `${sum.slice(0, 16)}-${String(line).padStart(9, '0')}`;
  return { id, seen: null, price: line, note: null, source_checksum: sum, source_line: line, ...given };
}

function batch(file: string, rows: readonly Seat[], day = DAYS[0]): ObjectOfSeats {
  return { id: checksum(file), source: 'batch', receivedAt: `${day}T10:00:00.000Z`, seats: rows };
}

/** An object of few keys and few contents, so that keys meet and contents repeat within and between objects. */
function anObject() {
  const row = fc.record({
    key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'é', '~', '😀', '\uff5e'), { nil: undefined }),
    seen: fc.constantFrom(null, '2025-01-01T00:00:00.000Z', '2025-01-02T00:00:00.001Z'),
    price: fc.integer({ min: 1, max: 2 }),
    note: fc.constantFrom(null, '', 'x'),
  });
  return fc.record({
    file: fc.constantFrom('a', 'b', 'c'),
    isStream: fc.boolean(),
    hasPosition: fc.boolean(),
    day: fc.constantFrom(...DAYS),
    rows: fc.array(row, { maxLength: 9 }),
  });
}

type Made = ReturnType<typeof anObject> extends fc.Arbitrary<infer T> ? T : never;

function finish(made: Made, index: number): ObjectOfSeats {
  // A file is taken in once, so each batch is another file; streams may carry any file's rows, or no file's.
  const file = made.isStream ? `${made.file}0` : `${made.file}${index}`;
  const positioned = !made.isStream || made.hasPosition;
  const rows = made.rows.map(({ key, ...content }, row) => {
    const at = seat(file, row + 2, content);
    const named = key === undefined ? at : { ...at, id: key };
    return positioned ? named : { ...named, source_checksum: null, source_line: null };
  });
  const object = batch(file, rows, made.day);
  const receivedAt = `${made.day}T10:00:0${index}.000Z`;
  return made.isStream
    ? { ...object, id: checksum(`stream ${index}`), source: 'stream', receivedAt }
    : { ...object, receivedAt };
}

/** The rules of settling, said once more in the simplest way. */
function settleByHand(objects: readonly ObjectOfSeats[]): CuratedSeat[] {
  const all = objects.flatMap((object) =>
    object.seats.map((row) => ({ ...row, at: object.receivedAt, by: object.source })),
  );
  const content = (row: Seat) => JSON.stringify([row.source_checksum, row.seen, row.price, row.note]);
  const rows: CuratedSeat[] = [];
  for (const id of new Set(all.map((row) => row.id))) {
    const versions = all.filter((row) => row.id === id);
    const newest = versions.reduce((best, row) => (isNewer(row, best) ? row : best));
    const isRepeat = all.some(
      (row) =>
        row.source_checksum !== null &&
        content(row) === content(newest) &&
        (row.source_line ?? 0) < (newest.source_line ?? 0),
    );
    const { price, note, at } = newest;
    rows.push({ id, price, note, versions: versions.length, is_repeat: isRepeat, day: at.slice(0, 10) });
  }
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Placed = Seat & { readonly at: string; readonly by: string };

function isNewer(a: Placed, b: Placed): boolean {
  const order = (row: Placed) =>
    [row.seen ?? '', row.at, row.source_line ?? -1, row.price, row.note === null ? '' : `x${row.note}`] as const;
  for (const [index, value] of order(a).entries()) {
    const other = order(b)[index] ?? '';
    if (value !== other) return value > other;
  }
  return false;
}
