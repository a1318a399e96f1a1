import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aliasTable, drawIndex } from './alias-table.ts';
import { happens } from './logistic.ts';
import { drawQuantile, quantileTable } from './quantile-table.ts';
import { randomStream } from './random.ts';

test('an alias table gives every index its share of all numbers', () => {
  const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }).filter((list) => list.some((it) => it > 0));
  fc.assert(
    fc.property(weights, (list) => {
      const { keep, alias } = aliasTable(list);
      const shares = new Array<number>(list.length).fill(0);
      for (const [slot, kept] of keep.entries()) {
        shares[slot] = (shares[slot] as number) + kept / list.length;
        const other = alias[slot] as number;
        shares[other] = (shares[other] as number) + (1 - kept) / list.length;
      }
      const total = list.reduce((sum, weight) => sum + weight, 0);
      for (const [index, weight] of list.entries()) expect(shares[index]).toBeCloseTo(weight / total, 9);
    }),
  );
});

test('the smallest and the greatest random number draw an index of the table', () => {
  const table = aliasTable([1, 2, 3]);
  expect([0, 1, 2]).toContain(drawIndex(table, 0));
  expect([0, 1, 2]).toContain(drawIndex(table, 2 ** 32 - 1));
});

test('fails to draw from weights that are all zero', () => {
  expect(() => aliasTable([0, 0])).toThrow('no weight above zero to draw from');
});

test('a quantile table gives back its quantiles', () => {
  const table = quantileTable([0, 0.25, 0.5, 1], [0, 10, 20, 100]);
  expect([0, 0.125, 0.25, 0.5, 0.75].map((share) => drawQuantile(table, share * 2 ** 32))).toEqual([0, 5, 10, 20, 60]);
  expect(drawQuantile(table, 2 ** 32 - 1)).toBeLessThan(100);
});

test('an event happens as often as the logistic function says', () => {
  const random = randomStream(3, 3);
  for (const centilogits of [-400, -150, -1, 0, 75, 300]) {
    const draws = 40_000;
    let happened = 0;
    for (let i = 0; i < draws; i++) if (happens(centilogits, random())) happened++;
    expect(Math.abs(happened / draws - 1 / (1 + Math.exp(-centilogits / 100)))).toBeLessThan(0.01);
  }
});

test('log-odds beyond the table are taken as its ends', () => {
  expect(happens(-99_999, 2 ** 20)).toBe(false);
  expect(happens(99_999, 2 ** 32 - 2 ** 20)).toBe(true);
});
