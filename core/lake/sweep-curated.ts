import type { ObjectStore } from '../ports.ts';
import { curatedFiles, manifestKeys, readManifest } from './curated-manifest.ts';

export interface CuratedSweep {
  /** Manifests whose files are kept. Default 2: the current one, and the one that a reader may still be following. */
  readonly kept?: number;
  /** For another than the one writer: younger files stay. */
  readonly writtenBefore?: Date;
}

/**
 * Removes a curated table's older manifests, and the files that none of the kept ones names. For the one writer, unless
 * `writtenBefore` is given.
 */
export async function sweepCurated(
  store: ObjectStore,
  table: string,
  { kept = 2, writtenBefore }: CuratedSweep = {},
): Promise<void> {
  const keys = await manifestKeys(store, table);
  for (const key of keys.slice(0, -kept)) await store.remove('curated', key);

  const named = new Set<string>();
  for (const key of keys.slice(-kept)) {
    for (const file of curatedFiles(await readManifest(store, key))) named.add(file.key);
  }
  const loose: string[] = [];
  for await (const { key, lastModified } of store.list('curated', `${table}/`)) {
    if (!named.has(key) && (writtenBefore === undefined || lastModified < writtenBefore)) loose.push(key);
  }
  for (const key of loose) await store.remove('curated', key);
}
