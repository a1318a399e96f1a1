import { describe, expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { type FeatureRow, featuresFor } from './feature-plan.ts';
import { all, crossFit, fill, frameOf, learn, readColumns } from './frame.ts';
import { labelsOf } from './training-files.ts';

const features = featuresFor(bookingFeatures, 'booking_complete');
const rows = bookingRows(2000, 1);
const labels = labelsOf(rows, 'booking_complete');
const columns = readColumns(features, rows);
const fitted = learn(columns, labels, all(rows.length));
const width = features.names.length;

describe('a scored row', () => {
  const strange = [
    { ...rows[0], booking_origin: 'Atlantis', route: 'XXXYYY' },
    { ...rows[1], booking_origin: null, flight_hour: null },
    { ...rows[2], route: null },
    ...rows.slice(0, 300),
  ];

  test('has the same features whatever rows stand beside it', () => {
    const together = frameOf(features, strange, fitted);
    const reversed = frameOf(features, [...strange].reverse(), fitted);
    for (const [at, row] of strange.entries()) {
      const alone = frameOf(features, [row], fitted).data;
      expect(together.data.subarray(at * width, (at + 1) * width)).toEqual(alone);
      const place = strange.length - 1 - at;
      expect(reversed.data.subarray(place * width, (place + 1) * width)).toEqual(alone);
    }
  });

  test('has the features that a training file gives the same row', () => {
    const inTraining = fill(columns, fitted, all(rows.length));
    expect(frameOf(features, rows, fitted).data).toEqual(inTraining.data);
  });

  test('has no number for a missing input, and a rate for a category that was never seen', () => {
    const value = (row: FeatureRow, name: string) =>
      frameOf(features, [row], fitted).data[features.names.indexOf(name)];
    expect(value({ ...rows[0], flight_hour: null }, 'flight_hour')).toBeNaN();
    expect(value({ ...rows[0], booking_origin: 'Atlantis' }, 'rate_by_booking_origin')).toBeCloseTo(fitted.rate, 6);
    const known = value(rows[0] ?? {}, 'rate_by_route');
    // Of an unseen pair, what the parts say: an unseen origin adds nothing to the route.
    expect(value({ ...rows[0], booking_origin: 'Atlantis' }, 'rate_by_route_and_booking_origin')).toBeCloseTo(
      Number(known),
      6,
    );
  });
});

describe('a training row', () => {
  const folds = Uint8Array.from(rows, (_, row) => row % 5);

  test('has features that do not depend on its own label, nor on the labels of its fold', () => {
    const before = crossFit(columns, labels, all(rows.length), folds);
    const flipped = labels.map((label, row) => (folds[row] === 3 ? 1 - label : label));
    const after = crossFit(columns, flipped, all(rows.length), folds);
    const same = Array.from(rows, (_, row) => equal(before.data, after.data, row));
    expect(same.filter((_, row) => folds[row] === 3).every(Boolean)).toBe(true);
    expect(same.filter((_, row) => folds[row] !== 3).some(Boolean)).toBe(false);
  });
});

test('an extra is foretold without any extra and without the outcome', () => {
  const { names } = featuresFor(bookingFeatures, 'wants_in_flight_meals');
  expect(names.filter((name) => /wants|extras|complete/.test(name))).toEqual([]);
  expect(features.names).toContain('wants_in_flight_meals');
  expect(features.names.filter((name) => name.includes('complete'))).toEqual([]);
});

test('fails for a target that is none, and names those that are', () => {
  expect(() => featuresFor(bookingFeatures, 'route')).toThrow(/no target 'route', expected one of booking_complete,/);
});

function equal(one: Float32Array, other: Float32Array, row: number): boolean {
  for (let at = row * width; at < (row + 1) * width; at++) if (!Object.is(one[at], other[at])) return false;
  return true;
}
