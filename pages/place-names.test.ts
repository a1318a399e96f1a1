import { expect, test } from 'vitest';
import { type Box, placeNames } from './place-names.ts';
import { linearScale, magnitudeScale } from './scatter-scale.ts';

const WITHIN: Box = { x: 0, y: 0, width: 300, height: 300 };
const overlaps = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
/** Points all over the place, the same each time. */
const points = Array.from({ length: 60 }, (_, at) => ({
  x: (at * 97) % 300,
  y: (at * 61) % 300,
  radius: 3 + (at % 7),
  name: `name ${at}`,
}));

test('names lie over no other name and inside, and each is large enough to be clicked', () => {
  const placed = placeNames(points, WITHIN, 20);
  expect(placed.length).toBeGreaterThan(8);
  expect(placed.length).toBeLessThanOrEqual(20);
  for (const { box } of placed) {
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
    expect([box.x >= 0, box.y >= 0, box.x + box.width <= 300, box.y + box.height <= 300]).not.toContain(false);
    expect(placed.filter((other) => overlaps(other.box, box))).toHaveLength(1);
  }
});

test('a name that has no room to the right stands to the left, and the first points are named first', () => {
  const placed = placeNames(
    [
      { x: 290, y: 100, radius: 5, name: 'large' },
      { x: 288, y: 104, radius: 5, name: 'small' },
      { x: 50, y: 200, radius: 5, name: 'apart' },
    ],
    WITHIN,
    5,
  );
  expect(placed.map(({ at, side }) => [at, side])).toEqual([
    [0, 'left'],
    [2, 'right'],
  ]);
});

test.each([
  [
    [0.045, 0.349],
    [0, 0.1, 0.2, 0.3, 0.4],
  ],
  [
    [0.78, 0.81],
    [0.78, 0.79, 0.8, 0.81, 0.82],
  ],
  [[3], [0, 5]],
  [[0], [0, 1]],
] as const)('an axis of %j has round marks around all of it', (values, ticks) => {
  expect(linearScale(values).ticks).toEqual(ticks);
});

test('an axis by magnitude holds all counts between round marks', () => {
  const scale = magnitudeScale([12, 17_687]);
  expect(scale.ticks.map(scale.valueAt)).toEqual([10, 30, 100, 300, 1000, 3000, 10_000, 30_000]);
  expect(magnitudeScale([100, 2700]).ticks.map(scale.valueAt)).toEqual([100, 200, 500, 1000, 2000, 5000]);
  expect(magnitudeScale([0, 0]).ticks.map(scale.valueAt)).toEqual([1, 2]);
});
