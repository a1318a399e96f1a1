import { describe, expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { tinyBundle } from '../../test/model/tiny-model.ts';
import { openBundle } from './bundle.ts';
import { DamagedModel } from './forest.ts';
import { scoreRows } from './score-rows.ts';

const open = (changes: object) => openBundle(bookingFeatures, JSON.stringify({ ...tinyBundle(), ...changes }));

describe('a model', () => {
  test.each([
    ['another schema', { schema: 'laketwin-model/9' }, /model schema laketwin-model\/9, expected laketwin-model\/1/],
    ['another dataset', { dataset: 'web_events' }, /dataset web_events, expected bookings/],
    ['another version of the features', { featuresVersion: 99 }, /features version 99, expected/],
    ['another contract', { contract: 'f00d' }, /contract fingerprint f00d, expected/],
    ['other features', { features: ['a', 'b'] }, /trained on other features/],
    ['no calibration', { calibration: null }, /no calibration/],
    ['no encodings', { encodings: null }, /has not the encodings/],
    ['no trees', { xgboost: '{}' }, /has no 'learner'/],
  ])('fails with %s', (_, changes, message) => {
    expect(() => open(changes)).toThrow(message);
  });

  test('fails as damaged where its file was cut', () => {
    const text = JSON.stringify(tinyBundle());
    expect(() => openBundle(bookingFeatures, text.slice(0, 500))).toThrow(DamagedModel);
    expect(() => openBundle(bookingFeatures, '')).toThrow(/no JSON/);
    expect(() => openBundle(bookingFeatures, 'null')).toThrow(/no schema/);
  });
});

describe('a scored row', () => {
  const model = open({});
  const [row = {}] = bookingRows(1, 3);
  const score = (changes: object) => {
    const { probabilities, flags } = scoreRows(model, bookingFeatures, [{ ...row, ...changes }]);
    return { probability: probabilities[0], flags: flags[0] };
  };

  test('is flagged where a category was never seen, a number lies outside what was trained on, or is missing', () => {
    const strange = score({ booking_origin: 'Atlantis', purchase_lead: 900, flight_hour: null });
    expect(strange.flags).toEqual(
      expect.arrayContaining(['unseen:booking_origin', 'range:purchase_lead', 'missing:flight_hour']),
    );
  });

  test('has a probability even where nothing of it is known', () => {
    const { probability } = scoreNothing();
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  });

  function scoreNothing() {
    return score(Object.fromEntries(Object.keys(row).map((name) => [name, null])));
  }
});
