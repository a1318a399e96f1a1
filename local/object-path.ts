import { join } from 'node:path';
import type { Zone } from '../core/ports.ts';

/** Most bytes of an S3 key. */
const KEY_BYTES = 1024;
/** Most bytes of a file name on the file systems in use. */
const NAME_BYTES = 255;

/** Path of an object in a lake's folder. Throws where the key could leave its zone or is no file name. */
export function objectPath(root: string, zone: Zone, key: string): string {
  checkKey(key);
  return join(root, zone, ...key.split('/'));
}

/** Throws, with a sentence, for a key that S3 or a file system would refuse, or that a path could be smuggled into. */
export function checkKey(key: string): void {
  const fault = keyFault(key);
  if (fault !== undefined) throw new Error(`the key ${JSON.stringify(key.slice(0, 100))} ${fault}`);
}

/** What is wrong with a key, as the end of a sentence; undefined for a good one. */
export function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty, expected at least one character';
  if (Buffer.from(key).toString() !== key) return 'holds half of a surrogate pair, expected well-formed text';
  const bytes = Buffer.byteLength(key);
  if (bytes > KEY_BYTES) return `has ${bytes} bytes, expected at most ${KEY_BYTES}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\x00-\x1f\x7f]/.test(key)) return 'holds a control character, expected none';
  if (key.includes('\\')) return 'holds a backslash, expected / between its parts';
  for (const segment of key.split('/')) {
    if (segment === '') return 'has an empty part, expected no / at its ends and no two in a row';
    if (segment === '.' || segment === '..') return `has the part '${segment}', expected names only`;
    const length = Buffer.byteLength(segment);
    if (length > NAME_BYTES) return `has a part of ${length} bytes, expected at most ${NAME_BYTES} for a file name`;
  }
  return undefined;
}
