import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CuratedManifest, curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { runKey } from '../../core/lake/work-order.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curate } from '../../local/curate.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { aBooking, putBookings } from './bookings-lake.ts';
import { type Job, startSpark } from './spark.ts';
import { compare, openSparkLake, planRun, publishSettled } from './spark-lake.ts';

let folder: string;
let store: FileStore;
let lake: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-spark-'));
  store = await openFileStore(join(folder, 'lake'));
  lake = await openSparkLake(store);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** New files that were seen under way or in their place when the job is killed; a whole run has some 16 of them. */
const MOMENTS = [1, 8] as const;

test('a job that is killed leaves no result, and given its order again leaves what an undisturbed one does', async () => {
  for (let day = 1; day <= 8; day++) await putDay(day);
  await curate({ store, plan: bookings, now: new Date('2026-04-01T00:00:00Z') });
  const manifest = (await readCurrentManifest(store, 'bookings')) as CuratedManifest;
  expect(manifest.units).toHaveLength(8);

  const run = { lake, plan: bookings, run: 'killed' };
  const job = await planRun(run);
  const result = lake.pathOf('curated', runKey('killed', 'bookings', 'result'));
  for (const files of MOMENTS) {
    const running = startSpark(job);
    await seeing(files, running);
    expect(running.isRunning()).toBe(true);
    running.kill();
    await running.ended;
    expect(existsSync(result)).toBe(false);
  }
  expect((await filesUnder('bookings')).length).toBeGreaterThan(1);

  expect(await startSpark(job).ended).toMatchObject({ status: 0 });
  const published = await publishSettled(run);
  expect(published).toMatchObject({ rowsIn: manifest.rowsIn, rows: manifest.rows, repeats: manifest.repeats });
  expect(await compare([store, manifest], [lake, published])).toMatchObject({ different: 0, rows: manifest.rows });
  const named = curatedFiles(published).map((file) => file.key);
  expect(await filesUnder('bookings')).toEqual(named.sort());
}, 400_000);

async function putDay(day: number): Promise<void> {
  const made = Array.from({ length: 200 }, (_, n) => aBooking({ purchase_lead: n % 90, booking_origin: 'Réunion' }));
  const receivedAt = `2026-03-${String(day).padStart(2, '0')}T08:00:00.000Z`;
  await putBookings(store, { name: `day ${day}`, receivedAt, bookings: made });
}

/** Waits until so many files were seen that were not there before, or the job has ended. */
async function seeing(count: number, job: Job): Promise<void> {
  const before = new Set(await filesUnder('bookings'));
  const seen = new Set<string>();
  while (job.isRunning() && seen.size < count) {
    // A folder may go away while it is being read.
    for (const file of await filesUnder('bookings').catch(() => [])) if (!before.has(file)) seen.add(file);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Keys of all files of a table but the checksums that Spark lays beside each on a laptop. */
async function filesUnder(table: string): Promise<string[]> {
  const zone = join(lake.root, 'curated');
  if (!existsSync(join(zone, table))) return [];
  const found = await readdir(join(zone, table), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.crc'))
    .map((entry) => relative(zone, join(entry.parentPath, entry.name)))
    .sort();
}
