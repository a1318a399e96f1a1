import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrderResult } from '../../core/contract/job-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type CuratedManifest, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { sharedData } from '../shared-data.ts';
import { compare, curateBySpark } from './spark-lake.ts';

let folder: string;
let store: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-spark-'));
  store = await openFileStore(join(folder, 'lake'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("the job gives the laptop's rows for real and generated bookings of several days", async () => {
  const real = sharedData('bookings/customer_booking_dev.csv');
  const generated = join(folder, 'generated.csv');
  await generateFile({ dataset: bookings, out: generated, rows: 20_000, seed: 5, dirty: 0.02 });
  if (real !== undefined) await takeIn(real, '2026-03-01T08:00:00Z');
  await takeIn(generated, '2026-03-02T08:00:00Z');
  await expectEqual(bookings, 'bookings', await curateBySpark({ store, plan: bookings, run: 'first' }));
}, 240_000);

async function takeIn(path: string, at: string): Promise<void> {
  await runLake({ lake: store.root, dataset: bookings, inputs: [path], now: () => new Date(at) });
}

async function expectEqual(plan: DatasetPlan, table: string, result: OrderResult): Promise<void> {
  const manifest = (await readCurrentManifest(store, table)) as CuratedManifest;
  expect(result).toMatchObject({ dataset: plan.name, table });
  expect(result.units.map(counts)).toEqual(manifest.units.map(counts));
  const { rows, different, columns } = await compare(store, manifest.units, result.units);
  expect(different).toBe(0);
  expect(rows).toBe(manifest.rows);
  expect(columns.spark).toEqual(columns.laptop);
}

function counts({ id, rowsIn, rows, repeats }: OrderResult['units'][number]) {
  return { id, rowsIn, rows, repeats };
}
