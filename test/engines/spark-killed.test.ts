import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrderResult } from '../../core/contract/job-definition.ts';
import { type CuratedManifest, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curate } from '../../local/curate.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { aBooking, putBookings } from './bookings-lake.ts';
import { type Job, startSpark } from './spark.ts';
import { compare, curateArguments, giveOrder, sparkZone } from './spark-lake.ts';

let folder: string;
let store: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-spark-'));
  store = await openFileStore(join(folder, 'lake'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** New files that were seen under way or in their place when the job is killed; a whole run has some 24 of them. */
const MOMENTS = [1, 6, 14] as const;

test('a job that is killed leaves no result, and given its order again leaves what an undisturbed one does', async () => {
  for (let day = 1; day <= 12; day++) await putDay(day);
  await curate({ store, plan: bookings, now: new Date('2026-04-01T00:00:00Z') });
  const manifest = (await readCurrentManifest(store, 'bookings')) as CuratedManifest;
  expect(manifest.units).toHaveLength(12);

  const given = await giveOrder({ store, plan: bookings, run: 'killed' });
  for (const files of MOMENTS) {
    const job = startSpark(curateArguments(store, given));
    await seeing(files, job);
    expect(job.isRunning()).toBe(true);
    job.kill();
    await job.ended;
    expect(existsSync(given.result)).toBe(false);
  }
  expect((await filesUnder('bookings')).length).toBeGreaterThan(1);

  expect(await startSpark(curateArguments(store, given)).ended).toMatchObject({ status: 0 });
  const result = JSON.parse(await readFile(given.result, 'utf8')) as OrderResult;
  expect(result.units.map(({ id, rows, rowsIn }) => ({ id, rows, rowsIn }))).toEqual(
    manifest.units.map(({ id, rows, rowsIn }) => ({ id, rows, rowsIn })),
  );
  expect(await compare(store, manifest.units, result.units)).toMatchObject({ different: 0, rows: manifest.rows });
  const named = result.units.flatMap((unit) => unit.files.map((file) => file.key)).sort();
  expect(await filesUnder('bookings')).toEqual(named);
}, 240_000);

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
  const zone = sparkZone(store);
  if (!existsSync(join(zone, table))) return [];
  const found = await readdir(join(zone, table), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.crc'))
    .map((entry) => relative(zone, join(entry.parentPath, entry.name)))
    .sort();
}
