import { expect, test } from 'vitest';
import { mix, randomStream } from './random.ts';

test('a seed gives the same numbers on every machine', () => {
  const random = randomStream(1, 0);
  expect([random(), random(), random()]).toEqual([3384357204, 4001177017, 406009659]);
  expect(mix(1)).toBe(1580013426);
});

test('another seed or another stream gives other numbers', () => {
  const first = (seed: number, stream: number) => randomStream(seed, stream)();
  const found = [first(1, 0), first(2, 0), first(1, 1), first(-1, 0), first(2 ** 40 + 1, 0)];
  expect(new Set(found).size).toBe(found.length);
});

test('every bit of the numbers is as often set as not', () => {
  const random = randomStream(7, 7);
  const set = new Array<number>(32).fill(0);
  for (let i = 0; i < 20_000; i++) {
    const number = random();
    for (let bit = 0; bit < 32; bit++) set[bit] = (set[bit] as number) + ((number >>> bit) & 1);
  }
  for (const count of set) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
