import { describe, expect, test } from 'vitest';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { byDay, hasMoved, histogramOf, PSI_ALARM, psi, sharesOf } from './drift.ts';
import { metricsOf } from './metrics.ts';

describe('the population stability index', () => {
  const leads = (seed: number) => bookingRows(5000, seed).map((row) => Number(row.purchase_lead));
  const trained = histogramOf(leads(1));

  test('is small between two draws of one population', () => {
    expect(psi(trained.shares, sharesOf(leads(2), trained.edges))).toBeLessThan(0.02);
  });

  test('rings for values that are shifted, or that went missing', () => {
    const shifted = leads(2).map((lead) => lead * 2 + 30);
    expect(psi(trained.shares, sharesOf(shifted, trained.edges))).toBeGreaterThan(PSI_ALARM);
    const missing = leads(2).map((lead, row) => (row % 5 === 0 ? Number.NaN : lead));
    expect(psi(trained.shares, sharesOf(missing, trained.edges))).toBeGreaterThan(PSI_ALARM);
  });

  test('is the sum that its formula gives', () => {
    expect(psi([0.5, 0.5], [0.25, 0.75])).toBeCloseTo(-0.25 * Math.log(0.5) + 0.25 * Math.log(1.5), 12);
  });

  test('takes a feature of few values', () => {
    const flags = histogramOf([0, 0, 0, 1, 1]);
    expect(psi(flags.shares, sharesOf([0, 0, 0, 1, 1], flags.edges))).toBe(0);
    expect(psi(flags.shares, sharesOf([1, 1, 1, 1, 1], flags.edges))).toBeGreaterThan(PSI_ALARM);
  });

  test('rings where a rare one of few values becomes common', () => {
    const channel = (share: number) => Array.from({ length: 1000 }, (_, row) => (row < share * 1000 ? 1 : 0));
    const rare = histogramOf(channel(0.04));
    expect(psi(rare.shares, sharesOf(channel(0.06), rare.edges))).toBeLessThan(0.02);
    expect(psi(rare.shares, sharesOf(channel(0.4), rare.edges))).toBeGreaterThan(PSI_ALARM);
  });
});

test('a metric has moved when it is more than 15 % away from what it was, or is no number', () => {
  expect([hasMoved(0.8, 0.69), hasMoved(0.8, 0.67), hasMoved(0.35, 0.41), hasMoved(0.8, Number.NaN)]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('each day has its own metrics, in the order of days', () => {
  const outcomes = [
    { day: '2026-05-02', label: 1, probability: 0.2 },
    { day: '2026-05-01', label: 1, probability: 0.9 },
    { day: '2026-05-01', label: 0, probability: 0.1 },
    { day: '2026-05-02', label: 0, probability: 0.4 },
  ];
  const aucs = [...byDay(outcomes)].map(([day, of]) => [day, metricsOf(of.label, of.probability).rocAuc]);
  expect(aucs).toEqual([
    ['2026-05-01', 1],
    ['2026-05-02', 0],
  ]);
});
