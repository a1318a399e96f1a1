import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysOf, microsOf, millisOf } from './stored-values.ts';

const FIRST = new Date('0001-01-01T00:00:00.000Z');
const LAST = new Date('9999-12-31T23:59:59.999Z');

test('an instant is the same count of milliseconds and microseconds that Date makes of it', () => {
  fc.assert(
    fc.property(fc.date({ min: FIRST, max: LAST, noInvalidDate: true }), (date) => {
      const text = date.toISOString();
      expect(millisOf(text)).toBe(date.getTime());
      expect(microsOf(text)).toBe(BigInt(date.getTime()) * 1000n);
    }),
    { numRuns: 2000 },
  );
});

test('every day of the years 0001 to 9999 has its number', () => {
  let expected = FIRST.getTime() / 86_400_000;
  for (let at = FIRST.getTime(); at <= LAST.getTime(); at += 86_400_000 * 13) {
    if (daysOf(new Date(at).toISOString().slice(0, 10)) !== expected) throw new Error(new Date(at).toISOString());
    expected += 13;
  }
  expect(daysOf('1970-01-01')).toBe(0);
  expect(daysOf('2024-02-29')).toBe(Date.parse('2024-02-29') / 86_400_000);
  expect(daysOf('9999-12-31')).toBe(2_932_896);
});
