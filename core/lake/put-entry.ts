import { type ObjectStore, PreconditionFailed } from '../ports.ts';
import { ledgerKey } from './keys.ts';
import type { LedgerEntry } from './ledger.ts';
import { readEntry } from './read-ledger.ts';

/**
 * Writes an entry after all its data; from then on readers see its files.
 *
 * Returns the entry that stands: the one given, or the one that another run of the same object put first. Throws where
 * none stands.
 */
export async function putEntry(store: ObjectStore, entry: LedgerEntry): Promise<LedgerEntry> {
  try {
    await store.put('processed', ledgerKey(entry.dataset, entry.id), textOf(entry), { ifNoneMatch: '*' });
    return entry;
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    const standing = await readEntry(store, entry.dataset, entry.id);
    if (standing !== undefined) return standing;
    throw new Error(`the ledger refused the entry ${entry.id} and has none of that id, try again`, { cause: error });
  }
}

/**
 * Puts another revision in the place of an entry, after all its data. Readers see the one or the other.
 *
 * `etag` is of the entry that was read. Throws `PreconditionFailed` where another writer has changed it since.
 */
export async function replaceEntry(store: ObjectStore, entry: LedgerEntry, etag: string): Promise<void> {
  await store.put('processed', ledgerKey(entry.dataset, entry.id), textOf(entry), { ifMatch: etag });
}

/** On one line, as Athena reads JSON. */
function textOf(entry: LedgerEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
