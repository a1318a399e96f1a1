/** The lakes over which both engines are asked. */
import { rmSync } from 'node:fs';
import type { LedgerEntry } from '../../../core/lake/ledger.ts';
import { bookings } from '../../../datasets/bookings/contract.ts';
import type { FileStore } from '../../../local/file-store.ts';
import { generateFile } from '../../../local/generate-file.ts';
import { runLake } from '../../../local/runner.ts';
import { sharedData } from '../../shared-data.ts';
import { takeIn } from '../bookings-lake.ts';
import { putModelTables } from '../scored-lake.ts';
import { breakPromises } from './broken-lake.ts';
import { EDGES } from './edge-bookings.ts';

export interface LakeKind {
  readonly name: string;
  fill(store: FileStore): Promise<void>;
}

const GENERATED = 500_000;
const DAY = 86_400_000;

const real = sharedData('bookings/customer_booking_dev.csv');

export const LAKES: readonly LakeKind[] = [
  { name: 'empty', fill: async () => {} },
  {
    name: 'edges',
    fill: async (store) => {
      for (const [at, object] of EDGES.entries())
        await scored(
          store,
          await takeIn(store, { name: `object ${at}`, receivedAt: daysAgo(EDGES.length - at), ...object }),
        );
    },
  },
  { name: 'broken', fill: (store) => breakPromises(store, daysAgo) },
  ...(real === undefined ? [] : [{ name: 'real', fill: (store: FileStore) => run(store, [real]) }]),
  {
    name: 'generated',
    fill: async (store) => {
      const out = `${store.root}.csv`;
      await generateFile({ dataset: bookings, rows: GENERATED, out, seed: 5, dirty: 0.01 });
      await run(store, [out]);
      rmSync(out);
    },
  },
];

/** The first and the last booking of an object, scored on its day. */
async function scored(store: FileStore, { keyRange, ingestDate }: LedgerEntry): Promise<void> {
  if (keyRange !== undefined) await putModelTables(store, keyRange, ingestDate);
}

async function run(store: FileStore, inputs: readonly string[]): Promise<void> {
  await runLake({ lake: store.root, dataset: bookings, inputs, now: () => new Date() });
}

/** Noon of a day that Athena still finds: its tables look at the days that rows are kept, up to now. */
function daysAgo(days: number): string {
  return `${new Date(Date.now() - days * DAY).toISOString().slice(0, 10)}T12:00:00.000Z`;
}
