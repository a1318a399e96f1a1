import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { compilePseudonymiser, pseudonymise, pseudonymKey } from './pseudonym.ts';

const secret = Buffer.from('a secret of thirty-two bytes, ok');
const key = pseudonymKey(1, secret);

test('a pseudonym is the key version and 126 bits of HMAC-SHA-256', () => {
  const digest = createHmac('sha256', secret).update('u512000001').digest('base64url');
  expect(pseudonymise(key, 'U512000001')).toBe(`1${digest.slice(0, 21)}`);
});

test('a pseudonym has 22 characters that are safe in a path and a URL', () => {
  for (let id = 0; id < 500; id++) expect(pseudonymise(key, `U${id}`)).toMatch(/^1[A-Za-z0-9_-]{21}$/);
});

test('letter case, spaces around and the Unicode form do not change a pseudonym', () => {
  const expected = pseudonymise(key, 'rené@example.org');
  for (const same of ['RENÉ@example.org', ' rené@example.org\t', 'rene\u0301@example.org', 'ｒｅｎé@example.org']) {
    expect(pseudonymise(key, same)).toBe(expected);
  }
  expect(pseudonymise(key, 'rene@example.org')).not.toBe(expected);
});

test('the first character tells the version of the key', () => {
  const first = (version: number) => pseudonymise(pseudonymKey(version, secret), 'x').charAt(0);
  expect([1, 9, 10, 35, 36, 61].map(first)).toEqual(['1', '9', 'A', 'Z', 'a', 'z']);
});

test('a memo of any size changes no pseudonym', () => {
  const values = Array.from({ length: 300 }, (_, n) => `customer-${(n * 7) % 40}`);
  for (const memoSize of [0, 1, 7, 1000]) {
    expect(values.map(compilePseudonymiser(key, { memoSize }))).toEqual(
      values.map((value) => pseudonymise(key, value)),
    );
  }
});

test('the secret shows in no printed form of the key', () => {
  const printed = [JSON.stringify({ key }), inspect(key, { depth: 9 }), String(key), JSON.stringify({ ...key })].join();
  expect(printed).not.toContain('secret of');
  expect(printed).not.toMatch(/97|Uint8Array|Buffer/);
});

test('fails on a key that is too short or has no version that a character can tell, without showing it', () => {
  expect(() => pseudonymKey(1, secret.subarray(0, 31))).toThrow(
    'pseudonym key has a secret of 31 bytes, expected at least 32',
  );
  for (const version of [0, 62, 1.5, Number.NaN]) {
    expect(() => pseudonymKey(version, secret)).toThrow('expected a whole number from 1 to 61');
  }
});
