import { resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import { ledgerKey } from '../core/lake/keys.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { openFileStore } from './file-store.ts';
import { lockLake } from './lock.ts';

export interface Withdrawn {
  readonly entry: LedgerEntry;
  readonly curated: readonly CuratedTable[];
}

/**
 * Takes an object out of a lake: its entry leaves the ledger, so no reader sees its rows any more. Its bytes stay in
 * raw/, and the entry is kept under `_withdrawn/`: taken in again, the file is a new one.
 *
 * `id` may be the beginning of the object's id. Throws where none or several begin like this.
 */
export async function withdraw(input: {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly id: string;
  readonly now: () => Date;
}): Promise<Withdrawn> {
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    await applyErasures(store, input.dataset);
    const entry = one(await listEntries(store, input.dataset.name), input.id);
    const key = ledgerKey(entry.dataset, entry.id);
    await store.put('processed', `_withdrawn/${key}`, `${JSON.stringify(entry)}\n`);
    await store.remove('processed', key);
    return { entry, curated: await curateChecked({ store, plan: input.dataset, now: input.now }) };
  } finally {
    await release();
  }
}

function one(entries: readonly LedgerEntry[], id: string): LedgerEntry {
  const found = entries.filter((entry) => entry.id.startsWith(id));
  const [entry] = found;
  if (entry === undefined || id === '') throw new Error(`no object in the ledger has an id that begins with '${id}'`);
  if (found.length > 1)
    throw new Error(`${found.length} objects have an id that begins with '${id}', expected one: give more of it`);
  return entry;
}
