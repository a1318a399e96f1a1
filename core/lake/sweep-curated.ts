import type { ObjectStore } from '../ports.ts';
import { curatedFiles, manifestKeys, readManifest } from './curated-manifest.ts';

/** Manifests whose files are kept: the current one, and the one that a reader may still be following. */
const KEPT = 2;

/**
 * Removes a curated table's older manifests, and the files that none of the kept ones names. For the one writer only;
 * where another may be at work, give `writtenBefore`, and younger files stay.
 */
export async function sweepCurated(store: ObjectStore, table: string, writtenBefore?: Date): Promise<void> {
  const keys = await manifestKeys(store, table);
  for (const key of keys.slice(0, -KEPT)) await store.remove('curated', key);

  const named = new Set<string>();
  for (const key of keys.slice(-KEPT)) {
    for (const file of curatedFiles(await readManifest(store, key))) named.add(file.key);
  }
  const loose: string[] = [];
  for await (const { key, lastModified } of store.list('curated', `${table}/`)) {
    if (!named.has(key) && (writtenBefore === undefined || lastModified < writtenBefore)) loose.push(key);
  }
  for (const key of loose) await store.remove('curated', key);
}
