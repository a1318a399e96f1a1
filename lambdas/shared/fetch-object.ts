import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NoSuchObject, type ObjectInfo, type ObjectStore, type Zone } from '../../core/ports.ts';

/** Writes an object to a file and hashes it on the way; undefined where it is not there any more. */
export async function fetchObject(
  store: ObjectStore,
  zone: Zone,
  key: string,
  path: string,
): Promise<{ readonly info: ObjectInfo; readonly checksum: string } | undefined> {
  try {
    const { info, body } = await store.get(zone, key);
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(body, hashing, createWriteStream(path));
    return { info, checksum: hash.digest('hex') };
  } catch (error) {
    if (error instanceof NoSuchObject) return undefined;
    throw error;
  }
}
