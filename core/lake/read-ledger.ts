import type { ObjectStore } from '../ports.ts';
import { ledgerKey, ledgerPrefix } from './keys.ts';
import type { DataFile, LedgerEntry } from './ledger.ts';
import { readJson } from './read-object.ts';

/** Entries read at a time: each is one small object. */
const AT_A_TIME = 16;

/** Every entry of a dataset's ledger, in the order of their ids. */
export async function listEntries(store: ObjectStore, dataset: string): Promise<LedgerEntry[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('processed', ledgerPrefix(dataset))) {
    if (key.endsWith('.json')) keys.push(key);
  }
  const entries: LedgerEntry[] = [];
  for (let first = 0; first < keys.length; first += AT_A_TIME) {
    const batch = keys.slice(first, first + AT_A_TIME);
    const read = await Promise.all(batch.map((key) => readJson(store, 'processed', key)));
    for (const entry of read) if (entry !== undefined) entries.push(entry as LedgerEntry);
  }
  return entries;
}

/** The entry of one object, or undefined where it was not taken in. */
export async function readEntry(store: ObjectStore, dataset: string, id: string): Promise<LedgerEntry | undefined> {
  return (await readJson(store, 'processed', ledgerKey(dataset, id))) as LedgerEntry | undefined;
}

/** The files in processed/ that readers may see. */
export function visibleFiles(entries: readonly LedgerEntry[]): DataFile[] {
  return entries.flatMap((entry) => entry.files);
}

/** The files in rejected/ that readers may see. */
export function visibleRejectedFiles(entries: readonly LedgerEntry[]): DataFile[] {
  return entries.flatMap((entry) => entry.rejectedFiles);
}
