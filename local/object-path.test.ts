import { expect, test } from 'vitest';
import { checkKey, objectPath } from './object-path.ts';

test.each([
  'a',
  'bookings/ingest_date=2026-01-01/a b+c%2e%2e.csv',
  'résumé/日本/😀.csv',
  '...',
  'a/..b/c..',
  '-rf',
  `${'x'.repeat(255)}/y`,
])('the key %j is a path below its zone', (key) => {
  expect(objectPath('/lake', 'raw', key)).toBe(`/lake/raw/${key}`);
});

test.each([
  ['', 'is empty'],
  ['/etc/passwd', 'empty part'],
  ['a//b', 'empty part'],
  ['a/', 'empty part'],
  ['../a', "the part '..'"],
  ['a/../../b', "the part '..'"],
  ['./a', "the part '.'"],
  ['..', "the part '..'"],
  ['a\\..\\b', 'backslash'],
  ['a\0b', 'control character'],
  ['a\nb', 'control character'],
  ['\ud800', 'surrogate'],
  ['é'.repeat(128), 'a part of 256 bytes, expected at most 255'],
  [`${'x'.repeat(200)}/`.repeat(5).concat('abcdefghijklmnopqrstuvwxyz'), 'has 1031 bytes, expected at most 1024'],
])('fails on the key %j, which %s', (key, words) => {
  expect(() => checkKey(key)).toThrow(words);
});
