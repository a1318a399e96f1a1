import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readText } from '../core/lake/read-object.ts';
import { NoSuchObject, PreconditionFailed } from '../core/ports.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { LakeUnavailable } from './lake-unavailable.ts';

let folder: string;
let store: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake [a*b?] '));
  store = await openFileStore(join(folder, 'lake'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('opening a lake to read it makes no folder', async () => {
  expect(await store.head('raw', 'a')).toBeUndefined();
  expect(await keys('raw', '')).toEqual([]);
  expect(existsSync(store.root)).toBe(false);
});

test('what is put is got, byte for byte, with its size and time', async () => {
  const put = await store.put('raw', 'a/b c+%.csv', new Uint8Array([0, 255, 10]));
  const { info, body } = await store.get('raw', 'a/b c+%.csv');
  expect(Buffer.concat(await body.toArray())).toEqual(Buffer.from([0, 255, 10]));
  expect(info).toEqual(put);
  expect(info).toMatchObject({ key: 'a/b c+%.csv', sizeBytes: 3 });
  expect(Math.abs(info.lastModified.getTime() - Date.now())).toBeLessThan(60_000);
});

test('the etag changes with every put, even of the same bytes', async () => {
  const etags = [];
  for (const body of ['one', 'two', 'two']) etags.push((await store.put('raw', 'a', body)).etag);
  expect(new Set(etags).size).toBe(3);
  expect((await store.head('raw', 'a'))?.etag).toBe(etags[2]);
});

test('a conditional put loses where there is an object, and leaves it as it was', async () => {
  const first = await store.put('raw', 'a', 'first', { ifNoneMatch: '*' });
  await expect(store.put('raw', 'a', 'second', { ifNoneMatch: '*' })).rejects.toThrow(PreconditionFailed);
  expect(await readText(store, 'raw', 'a')).toBe('first');
  expect(await store.head('raw', 'a')).toEqual(first);
});

test('of many conditional puts on one etag exactly one wins', async () => {
  const { etag } = await store.put('raw', 'a', 'start');
  const puts = Array.from({ length: 20 }, (_, n) => store.put('raw', 'a', `put ${n}`, { ifMatch: etag }));
  const won = (await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
  await expect(store.put('raw', 'gone', 'x', { ifMatch: etag })).rejects.toThrow('has the etag (no object)');
});

test('a file is moved in, and another file system is no hindrance', async () => {
  const elsewhere = existsSync('/dev/shm') ? '/dev/shm' : folder;
  const path = join(await mkdtemp(join(elsewhere, 'laketwin-')), 'file');
  await writeFile(path, 'moved');
  await store.putFile('processed', 'a/file', path);
  expect(await readText(store, 'processed', 'a/file')).toBe('moved');
  expect(existsSync(path)).toBe(false);
  await rm(join(path, '..'), { recursive: true });
});

test('no put leaves a temporary file, won or lost', async () => {
  await store.put('raw', 'a', 'x');
  await store.put('raw', 'a', 'x', { ifNoneMatch: '*' }).catch(() => {});
  await store.put('raw', 'a', 'x', { ifMatch: 'other' }).catch(() => {});
  expect(await readdir(join(store.root, '.tmp'))).toEqual([]);
});

test('what a dead run left behind is removed when the lake is opened, what a live one uses is not', async () => {
  const mine = await store.scratch.folder('work');
  const dead = mine.replace(/\/[0-9]+\./, '/999999999.');
  await mkdir(join(dead, 'deep'), { recursive: true });
  await writeFile(join(dead, 'deep', 'file'), 'x');
  await openFileStore(store.root);
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(mine)).toBe(true);
});

test('an object that is not there is told apart from every other failure', async () => {
  await store.put('raw', 'a', 'x');
  for (const key of ['b', 'a/b', 'c/d/e']) {
    await expect(store.get('raw', key)).rejects.toThrow(NoSuchObject);
    expect(await store.head('raw', key)).toBeUndefined();
    await store.remove('raw', key);
  }
});

test('a removed object leaves no empty folder behind', async () => {
  await store.put('raw', 'a/b/c', 'x');
  await store.put('raw', 'a/d', 'x');
  await store.remove('raw', 'a/b/c');
  expect(await readdir(join(store.root, 'raw', 'a'))).toEqual(['d']);
});

test('a listing has the keys that start with the prefix, in the order of their bytes', async () => {
  const part = fc.constantFrom('a', 'b', 'a b', 'a-', 'a0', 'a.csv', 'é', '😀', '\uff5e', '_x');
  const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), key, fc.nat(5), async (all, some, cut) => {
      await rm(store.root, { recursive: true, force: true });
      const written = all.filter((one) => !all.some((other) => other.startsWith(`${one}/`)));
      for (const one of written) await store.put('raw', one, '');
      for (const prefix of ['', some, some.slice(0, cut), `${some}/`]) {
        const expected = written.filter((one) => one.startsWith(prefix)).map((one) => Buffer.from(one));
        expect(await keys('raw', prefix)).toEqual(expected.sort(Buffer.compare).map(String));
      }
    }),
    { numRuns: 60 },
  );
});

test('a listing passes over what no key can name', async () => {
  await store.put('raw', 'a', 'x');
  await writeFile(join(store.root, 'raw', 'line\nbreak'), 'x');
  await symlink('/etc', join(store.root, 'raw', 'link'));
  expect(await keys('raw', '')).toEqual(['a']);
});

test('fails with a sentence where a file stands in the way of a folder', async () => {
  await store.put('raw', 'a', 'x');
  await expect(store.put('raw', 'a/b', 'x')).rejects.toThrow(LakeUnavailable);
  await writeFile(join(folder, 'file'), '');
  const onFile = await openFileStore(join(folder, 'file'));
  await expect(onFile.put('raw', 'a', 'x')).rejects.toThrow(/holds a file where a folder should be.*--lake/);
  expect((await stat(join(folder, 'file'))).size).toBe(0);
  expect(await readFile(join(store.root, 'raw', 'a'), 'utf8')).toBe('x');
});

async function keys(zone: 'raw' | 'processed', prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(zone, prefix)) found.push(key);
  return found;
}
