/**
 * Pseudonyms of personal identifiers: a keyed HMAC, never a salted hash. Identifiers such as phone numbers can
 * all be tried against a salted hash in minutes; against an HMAC only by whoever holds the key.
 */
import { compileHmac } from './hmac.ts';

/** Characters of a pseudonym: one for the version of the key, 21 of base64url (126 bits). */
export const PSEUDONYM_LENGTH = 22;

/** The version of a key as the first character of its pseudonyms: 1 is `1`, 10 is `A`, 36 is `a`, 61 is `z`. */
const VERSIONS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Distinct values that a compiled pseudonymiser remembers at least, unless told otherwise. */
const MEMO_SIZE = 20_000;

/** Longest value that is remembered [UTF-16 code units], so that the memo stays small whatever comes. */
const LONGEST_REMEMBERED = 256;

/** Made by `pseudonymKey`, which hides the secret from every printed form. */
export interface PseudonymKey {
  /** 1 to 61; another secret must have another version. */
  readonly version: number;
  /** At least 32 bytes. */
  readonly secret: Uint8Array;
}

export interface PseudonymiserOptions {
  /** Distinct values to remember, at least; up to twice as many are held. 0 remembers nothing. */
  readonly memoSize?: number;
}

/**
 * A key that can be passed around and logged: its secret shows neither in JSON nor in `console.log`.
 *
 * Throws for a version outside 1 to 61 and for a secret of fewer than 32 bytes; the message never holds the secret.
 */
export function pseudonymKey(version: number, secret: Uint8Array): PseudonymKey {
  requireSound(version, secret);
  const key = { version };
  Object.defineProperty(key, 'secret', { value: Uint8Array.from(secret), enumerable: false });
  return Object.freeze(key) as PseudonymKey;
}

/**
 * The 22 characters that stand for a value from now on. Values that differ only in letter case, in spaces around
 * or in Unicode form have the same pseudonym.
 */
export function pseudonymise(key: PseudonymKey, value: string): string {
  return compilePseudonymiser(key, { memoSize: 0 })(value);
}

/** `pseudonymise` for many values: prepares the key once and remembers the values that come again. */
export function compilePseudonymiser(key: PseudonymKey, options: PseudonymiserOptions = {}): (value: string) => string {
  requireSound(key.version, key.secret);
  const hmac = compileHmac(key.secret);
  const prefix = VERSIONS.charAt(key.version);
  const memoSize = options.memoSize ?? MEMO_SIZE;
  // Two generations: when the young one is full it becomes the old one, and what is still in use is taken over.
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return (value) => {
    const remembered = young.get(value);
    if (remembered !== undefined) return remembered;
    const pseudonym = old.get(value) ?? prefix + hmac(normalise(value)).slice(0, PSEUDONYM_LENGTH - 1);
    if (memoSize > 0 && value.length <= LONGEST_REMEMBERED) {
      if (young.size >= memoSize) {
        old = young;
        young = new Map();
      }
      young.set(value, pseudonym);
    }
    return pseudonym;
  };
}

/** The form in which two writings of one value are the same text. */
export function normalise(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase();
}

function requireSound(version: number, secret: Uint8Array): void {
  if (!Number.isInteger(version) || version < 1 || version >= VERSIONS.length) {
    throw new Error(`pseudonym key version is ${version}, expected a whole number from 1 to ${VERSIONS.length - 1}`);
  }
  if (!(secret instanceof Uint8Array) || secret.length < 32) {
    throw new Error(`pseudonym key has a secret of ${secret?.length ?? 0} bytes, expected at least 32`);
  }
}
