/** Removes files of processed/ and rejected/ that no entry of the ledger names: their tables show whole folders. */
import type { DatasetPlan } from '../contract/plan.ts';
import type { ObjectStore, Zone } from '../ports.ts';
import { DELIVERED, dataPrefix, dayPrefix, ledgerKey } from './keys.ts';
import type { LedgerEntry } from './ledger.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from './read-ledger.ts';
import { rejectionsPlan } from './rejections.ts';

const ZONES = ['processed', 'rejected'] as const;

/** Removes what an entry named before the revision that stands, or what a stopped run of it has left. */
export async function sweepObject(store: ObjectStore, plan: DatasetPlan, entry: LedgerEntry): Promise<void> {
  const { ingestDate, id } = entry;
  const prefixOf = (zone: Zone) => dataPrefix(plan.name, partitionOf(zone, plan), ingestDate, id);
  await sweep(store, [prefixOf], async () => [entry]);
}

/** Takes a replay out of the ledger, then its files. */
export async function dropReplay(store: ObjectStore, plan: DatasetPlan, replay: LedgerEntry): Promise<void> {
  await store.remove('processed', ledgerKey(replay.dataset, replay.id));
  await sweepObject(store, plan, { ...replay, files: [], rejectedFiles: [] });
}

/**
 * Removes what killed runs have left in the folders of these days, but for what a stream delivered: its entry is
 * written later, by who is told of it. For the one writer only; where another may be about to name a file, give
 * `writtenBefore`, and younger files stay.
 */
export async function sweepDays(
  store: ObjectStore,
  plan: DatasetPlan,
  days: Iterable<string>,
  writtenBefore?: Date,
): Promise<void> {
  const folders = [...new Set(days)].map((day) => (zone: Zone) => dayPrefix(plan.name, partitionOf(zone, plan), day));
  // The entries after the files: what is named meanwhile stays.
  await sweep(store, folders, () => listEntries(store, plan.name), writtenBefore);
}

async function sweep(
  store: ObjectStore,
  prefixes: readonly ((zone: Zone) => string)[],
  entriesOf: () => Promise<readonly LedgerEntry[]>,
  writtenBefore?: Date,
): Promise<void> {
  const found: { readonly zone: Zone; readonly key: string }[] = [];
  for (const zone of ZONES) {
    for (const prefixOf of prefixes) {
      for await (const { key, lastModified } of store.list(zone, prefixOf(zone))) {
        const isOld = writtenBefore === undefined || lastModified < writtenBefore;
        if (isOld && !key.endsWith(DELIVERED)) found.push({ zone, key });
      }
    }
  }
  if (found.length === 0) return;
  const entries = await entriesOf();
  const named = new Set([...visibleFiles(entries), ...visibleRejectedFiles(entries)].map(({ key }) => key));
  for (const { zone, key } of found) if (!named.has(key)) await store.remove(zone, key);
}

function partitionOf(zone: Zone, plan: DatasetPlan): string {
  return zone === 'rejected' ? rejectionsPlan.partitionBy : plan.partitionBy;
}
