import { describe, expect, test } from 'vitest';
import { calibrationTable, metricsOf, rocAuc } from './metrics.ts';

describe('metrics', () => {
  const labels = [0, 0, 1, 1, 0, 1];
  const probabilities = [0.1, 0.4, 0.4, 0.8, 0.2, 0.3];

  test('are those that a count by hand gives', () => {
    const found = metricsOf(labels, probabilities);
    // Pairs won: 0.4 beats 0.1 and 0.2 and ties 0.4; 0.8 beats three; 0.3 beats two: 2.5 + 3 + 2 of 9.
    expect(found.rocAuc).toBeCloseTo(7.5 / 9, 12);
    // Precision at 0.8 is 1 of 1, at 0.4 two of three, at 0.3 three of four.
    expect(found.prAuc).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 12);
    expect(found.brier).toBeCloseTo((0.01 + 0.16 + 0.36 + 0.04 + 0.04 + 0.49) / 6, 12);
    const loss = -(Math.log(0.9) + Math.log(0.6) + Math.log(0.4) + Math.log(0.8) + Math.log(0.8) + Math.log(0.3)) / 6;
    expect(found.logLoss).toBeCloseTo(loss, 12);
    expect([found.rate, found.meanPrediction]).toEqual([0.5, expect.closeTo(2.2 / 6, 12)]);
  });

  test('find no skill in one number for all, and have no ROC AUC of one label', () => {
    expect(rocAuc(labels, [1, 1, 1, 1, 1, 1])).toBe(0.5);
    expect(rocAuc([1, 1], [0.2, 0.3])).toBeNaN();
    expect(metricsOf([1, 0], [0, 1]).logLoss).toBeLessThan(40);
  });
});

test('the calibration table has bands of equal size, from the least probable', () => {
  const probabilities = Array.from({ length: 1000 }, (_, row) => ((row * 7) % 1000) / 1000);
  const labels = probabilities.map((p) => (p >= 0.5 ? 1 : 0));
  const table = calibrationTable(labels, probabilities);
  expect(table.map(({ rows }) => rows)).toEqual(Array(10).fill(100));
  expect(table.map(({ rate }) => rate)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  expect(table[0]?.meanPrediction).toBeCloseTo(0.0495, 6);
});
