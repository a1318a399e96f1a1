import type { Readable } from 'node:stream';
import { NoSuchObject, type ObjectInfo, type ObjectStore, type Zone } from '../../core/ports.ts';

/** An object that is to be read from its beginning; undefined where it is not there any more. */
export async function openObject(
  store: ObjectStore,
  zone: Zone,
  key: string,
): Promise<{ readonly info: ObjectInfo; readonly body: Readable } | undefined> {
  try {
    return await store.get(zone, key);
  } catch (error) {
    if (error instanceof NoSuchObject) return undefined;
    throw error;
  }
}
