import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from './start-child.ts';

let folder: string;
let lake: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-'));
  await chmod(folder, 0o755);
  lake = join(folder, 'lake');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('of two processes that put the same keys at once, one wins each key and its bytes are whole', async () => {
  const start = String(Date.now() + 1500);
  const writers = [
    startChild('lake-child.ts', ['put', lake, start]),
    startChild('lake-child.ts', ['put', lake, start]),
  ];
  const ends = await Promise.all(writers.map((writer) => writer.ended));
  expect(ends.map((end) => end.errors).join('')).toBe('');
  for (let n = 0; n < 100; n += 1) {
    const winners = writers.filter((writer) => writer.output().includes(`won ${n}.`));
    expect(winners).toHaveLength(1);
    const bytes = await readFile(join(lake, 'raw', `key ${n}`), 'utf8');
    expect(bytes).toBe(`${winners[0]?.process.pid}`.repeat(1000));
  }
  expect(await readdir(join(lake, '.tmp'))).toEqual([]);
}, 30_000);

test('fails with a sentence on a lake that may only be read', async () => {
  await mkdir(lake, { mode: 0o555 });
  const { words, code } = await fill(1, 'ordinary');
  expect(words).toContain(`the lake ${lake} may not be written to; give yourself write access to it or choose`);
  expect(code).toBe(1);
  await chmod(lake, 0o755);
});

test('fails with a sentence on a full disk, and leaves nothing half written', async () => {
  await mkdir(lake);
  const isMounted = mount(lake);
  try {
    // Without the right to mount a small disk, the system's limit on the size of a file is what runs out.
    const { words, code } = await fill(8, '', isMounted ? '' : 'ulimit -f 2048;');
    expect(words).toMatch(isMounted ? /is full; free some space.*ENOSPC/ : /may not hold a file of this size.*EFBIG/);
    expect(code).toBe(1);
    expect(await readdir(join(lake, '.tmp'))).toEqual([]);
    expect(await readdir(lake)).not.toContain('raw');
  } finally {
    if (isMounted) execFileSync('umount', [lake]);
  }
});

test('fails with a sentence where the system limits the size of a file', async () => {
  const { words, code } = await fill(8, '', 'ulimit -f 2048;');
  expect(words).toMatch(/may not hold a file of this size; raise the limit \(ulimit -f\).*EFBIG/);
  expect(code).toBe(1);
  expect(await readdir(join(lake, '.tmp'))).toEqual([]);
});

async function fill(sizeMiB: number, user: string, shell = '') {
  const child = startChild('lake-child.ts', ['fill', lake, String(sizeMiB), user], shell);
  const { code, errors } = await child.ended;
  return { words: child.output() + errors, code };
}

function mount(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
