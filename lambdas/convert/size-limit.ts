import type { ObjectInfo, ObjectStore } from '../../core/ports.ts';

/**
 * Most bytes of text that one function converts. Measured on generated bookings, one row in fifty broken: 13 MB of csv
 * for a second of CPU, and scratch of a quarter of the file beside the file itself. So these take less than a fifth of a
 * function's fifteen minutes at 1.7 processors; and its 8 GiB of scratch hold them even where every row is refused.
 */
export const CONVERTED_BYTES = 2 * 1024 ** 3;

/** A gzip is taken for the text of so many times its size; tables rarely pass twenty, for which there is time as well. */
const GZIP_GROWTH = 10;

/** Whether an object of raw/ holds more than `mostBytes` of text; looks into it only where its size leaves that open. */
export async function isTooLarge(store: ObjectStore, { key, sizeBytes }: ObjectInfo, mostBytes: number) {
  if (sizeBytes > mostBytes) return true;
  if (sizeBytes * GZIP_GROWTH <= mostBytes) return false;
  return startsAsGzip(store, key);
}

async function startsAsGzip(store: ObjectStore, key: string): Promise<boolean> {
  const { body } = await store.get('raw', key);
  const start: number[] = [];
  for await (const chunk of body) {
    start.push(...(chunk as Buffer).subarray(0, 2 - start.length));
    if (start.length === 2) break;
  }
  return start[0] === 0x1f && start[1] === 0x8b;
}
