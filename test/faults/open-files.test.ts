import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeBookings } from './booking-files.ts';
import { injected } from './injected.ts';
import { readLake } from './lake-state.ts';
import { startChild } from './start-child.ts';

const NOW = '2026-11-21T07:00:00.123Z';
let folder: string;
let lake: string;
let input: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-files-'));
  lake = join(folder, 'lake');
  input = join(folder, 'bookings.csv.gz');
  await writeBookings(input, 2_000, 1);
  await mkdir(lake);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('fails with a sentence where the system has no more files to open, and goes on where it has', async (context) => {
  let failed = 0;
  for (const free of [0, 1, 2, 3, 4, 6, 9]) {
    const args = [String(free), lake, NOW, input];
    const { code, errors } = await startChild('starved-child.ts', args, 'ulimit -n 128;').ended;
    if (code !== 0) {
      expect(errors).toMatch(/EMFILE|too many open files|Too many open files/);
      failed += 1;
      injected(context);
    }
    const { entries } = await readLake(lake, 'bookings');
    for (const entry of entries) expect(entry.rowsIn).toBe(2_000);
  }
  expect(failed).toBeGreaterThan(0);
  await expectTaken();
}, 60_000);

test('fails with a sentence where the disk cannot be read, and leaves the lake as it was', async () => {
  const unreadable = join(folder, 'unreadable.csv');
  // Address 0 of a process cannot be read: the system answers EIO.
  await symlink('/proc/self/mem', unreadable);
  const { code, errors } = await startChild('run-child.ts', [lake, NOW, unreadable]).ended;
  expect(code).not.toBe(0);
  expect(errors).toMatch(/EIO/);
  expect((await readLake(lake, 'bookings')).entries).toEqual([]);
  await expectTaken();
});

async function expectTaken(): Promise<void> {
  expect(await startChild('run-child.ts', [lake, NOW, input]).ended).toMatchObject({ code: 0 });
  const { entries, rows } = await readLake(lake, 'bookings');
  expect(entries).toMatchObject([{ rowsIn: 2_000, rejected: rows.rejected.rows, accepted: rows.curated.rows }]);
}
