import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeBookings } from './booking-files.ts';
import { readLake } from './lake-state.ts';
import { startChild } from './start-child.ts';

const NOW = '2026-11-21T07:00:00.123Z';

let folder: string;
let lake: string;
let input: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-'));
  lake = join(folder, 'lake');
  input = join(folder, 'bookings.csv.gz');
  await writeBookings(input, 30_000, 1);
  await mkdir(lake);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The disk fills up while copying, while framing and while writing Parquet. */
test.each([200, 1200, 2000])(
  'fails with a sentence on a disk of %i KiB, and goes on where there is room',
  async (sizeKiB) => {
    const isMounted = mount(lake, sizeKiB);
    try {
      // Without the right to mount a small disk, the system's limit on the size of a file is what runs out.
      const { code, errors } = await run(isMounted ? '' : `ulimit -f ${Math.ceil(sizeKiB / 8)};`);
      const state = await readLake(lake, 'bookings');
      if (code !== 0) {
        expect(errors).toMatch(
          /LakeUnavailable: the lake .*(is full; free some space|may not hold a file of this size)/,
        );
        expect(await readdir(join(lake, '.tmp'))).toEqual([]);
      }
      expect(state.entries.length).toBeLessThanOrEqual(1);
      if (isMounted) execFileSync('mount', ['-o', 'remount,size=100m', lake]);
      expect(await run('')).toMatchObject({ code: 0 });
      const { entries, rows } = await readLake(lake, 'bookings');
      expect(entries).toMatchObject([{ rowsIn: 30_000, rejected: rows.rejected.rows, accepted: rows.curated.rows }]);
    } finally {
      if (isMounted) execFileSync('umount', [lake]);
    }
  },
  30_000,
);

function run(shell: string) {
  return startChild('run-child.ts', [lake, NOW, input], shell).ended;
}

function mount(path: string, sizeKiB: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
