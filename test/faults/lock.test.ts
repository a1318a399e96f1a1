import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LakeInUse, lockLake } from '../../local/lock.ts';
import { ownIdentity } from '../../local/process-identity.ts';
import { startChild } from './start-child.ts';

let lake: string;
let lock: string;

beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'lake-'));
  lock = join(lake, '.lock');
});

afterEach(() => rm(lake, { recursive: true, force: true }));

test('a released lake can be locked again, and no file is left', async () => {
  for (let n = 0; n < 3; n += 1) await (await lockLake(lake))();
  expect(await readdir(join(lake, '.tmp'))).toEqual([]);
  expect(existsSync(lock)).toBe(false);
});

test('fails while another process writes to the lake, naming it and what to do', async () => {
  const other = startChild('lake-child.ts', ['hold', lake]);
  await other.says('held');
  const refusal = await lockLake(lake).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(LakeInUse);
  expect(String(refusal)).toMatch(
    new RegExp(
      `the lake ${lake} is in use by another run \\(process ${other.process.pid} since 20.*Z\\); wait for it or use another --lake`,
    ),
  );
  other.process.kill('SIGKILL');
  await other.ended;
  await (await lockLake(lake))();
});

test('fails while the same process writes to the lake', async () => {
  const release = await lockLake(lake);
  await expect(lockLake(lake)).rejects.toThrow(LakeInUse);
  await release();
});

test.each([
  ['a process that is no more', { pid: 999_999_999 }],
  ['a process whose pid was given to another one since', { start: '1' }],
])('a lock of %s is taken over at once', async (_, difference) => {
  await writeFile(lock, JSON.stringify({ ...ownIdentity(), since: '2026-01-01T00:00:00.000Z', ...difference }));
  const release = await lockLake(lake);
  expect(JSON.parse(await readFile(lock, 'utf8')).pid).toBe(process.pid);
  await release();
  expect(await readdir(lake)).toEqual(['.tmp']);
});

test.each([
  [
    'held from another machine',
    JSON.stringify({ ...ownIdentity(), machine: 'other', since: 'yesterday' }),
    /another machine or container.*remove .*\.lock/,
  ],
  ['not written by a run', 'hello', /unreadable.*remove it/],
])('fails on a lock that was %s', async (_, text, words) => {
  await writeFile(lock, text);
  await expect(lockLake(lake)).rejects.toThrow(words);
});

test('of many processes that find the lock of a dead one, one takes it over', async () => {
  for (let round = 0; round < 3; round += 1) {
    await writeFile(lock, JSON.stringify({ ...ownIdentity(), pid: 999_999_999, since: `round ${round}` }));
    const start = String(Date.now() + 1500);
    const racers = Array.from({ length: 5 }, () => startChild('lake-child.ts', ['race', lake, start]));
    await Promise.all(racers.map((racer) => Promise.race([racer.says('won'), racer.says('lost')])));
    for (const racer of racers) racer.process.stdin?.end();
    const ends = await Promise.all(racers.map((racer) => racer.ended));
    expect(ends.map((end) => end.errors).join('')).toBe('');
    expect(racers.map((racer) => racer.output().trim()).sort()).toEqual(['lost', 'lost', 'lost', 'lost', 'won']);
  }
  expect(await readdir(lake)).toEqual(['.tmp']);
}, 60_000);
