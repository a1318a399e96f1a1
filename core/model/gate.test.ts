import { describe, expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { type FeaturePlan, type FeatureRow, featuresFor } from '../features/feature-plan.ts';
import { all, crossFit, fill, learn, readColumns } from '../features/frame.ts';
import { EXAM, splitRows } from '../features/split.ts';
import { labelsOf } from '../features/training-files.ts';
import type { Evaluation } from './evaluation.ts';
import { judge } from './gate.ts';
import { findLeaks, type JudgedFrames } from './leak-evidence.ts';
import { type Metrics, metricsOf } from './metrics.ts';

const TARGET = 'booking_complete';
const ROWS = bookingRows(4000, 11);

describe('the gate finds', () => {
  test('no leak in honest frames', () => {
    expect(judged(honest(bookingFeatures, ROWS))).toEqual([]);
  });

  test('fails the target in disguise', () => {
    const paid = {
      name: 'payment_attempts',
      description: 'Looks harmless.',
      inputs: ['num_passengers'],
      value: (row: FeatureRow) => (row[TARGET] === true ? 2 : 1) + Number(row.num_passengers) / 100,
    };
    const plan: FeaturePlan = { ...bookingFeatures, numbers: [...bookingFeatures.numbers, paid] };
    expect(judged(honest(plan, ROWS))).toEqual(['leak-target-in-disguise']);
  });

  test('fails the target in disguise where it is turned round', () => {
    const unpaid = {
      name: 'reminders',
      description: 'Looks harmless.',
      inputs: ['num_passengers'],
      value: (row: FeatureRow) => (row[TARGET] === true ? 0 : 1),
    };
    const plan: FeaturePlan = { ...bookingFeatures, numbers: [unpaid, ...bookingFeatures.numbers] };
    expect(judged(honest(plan, ROWS))).toEqual(['leak-target-in-disguise']);
  });

  test('fails duplicates across the split, as oversampling before it makes them', () => {
    const completed = ROWS.filter((row) => row[TARGET] === true);
    const oversampled = [...ROWS, ...completed, ...completed];
    const folds = Uint8Array.from(oversampled, (_, row) => row % 5);
    expect(judged(honest(bookingFeatures, oversampled, folds))).toEqual(['leak-equal-rows-on-both-sides']);
  });

  test('fails encodings fitted on all rows', () => {
    const frames = honest(bookingFeatures, ROWS);
    const columns = readColumns(frames.features, frames.rows);
    const everything = learn(columns, frames.labels, all(ROWS.length));
    const test = fill(columns, everything, frames.testing);
    // So much so that the encoding of rare categories looks like the target itself.
    expect(judged({ ...frames, test })).toContain('leak-encodings-saw-judging-rows');
  });

  test('fails encodings of training rows that hold their own label', () => {
    const frames = honest(bookingFeatures, ROWS);
    const columns = readColumns(frames.features, frames.rows);
    const train = fill(columns, learn(columns, frames.labels, frames.training), frames.training);
    expect(judged({ ...frames, train })).toEqual(['leak-encodings-saw-judging-rows']);
  });
});

describe('the gate', () => {
  const leaks = { strongest: [], sharedGroups: 0, foreignFeatures: [] };
  const names = (changes: Partial<Evaluation>, exam?: { candidate: Metrics; champion: Metrics }) =>
    judge({ evaluation: { ...good(), ...changes }, leaks, ...(exam ? { exam } : {}) }).map(({ name }) => name);
  const metrics = good().metrics;

  test('lets a calibrated model pass that beats the base rate and the champion', () => {
    expect(names({}, { candidate: metrics, champion: { ...metrics, logLoss: metrics.logLoss + 0.001 } })).toEqual([]);
  });

  test('fails the champion itself, computed again with other rounding', () => {
    const champion = { ...metrics, logLoss: metrics.logLoss + 1e-9 };
    expect(names({}, { candidate: metrics, champion })).toEqual(['no-better-than-champion']);
  });

  test('fails a model that is better than can be', () => {
    expect(names({ metrics: { ...metrics, rocAuc: 0.965 } })).toEqual(['leak-too-good']);
  });

  test('fails a model that does not beat the base rate', () => {
    expect(names({ baseline: { ...metrics, logLoss: metrics.logLoss } })).toEqual(['no-better-than-base-rate']);
  });

  test('fails a model that does not beat the champion', () => {
    expect(names({}, { candidate: metrics, champion: metrics })).toEqual(['no-better-than-champion']);
  });

  test('fails a model whose mean prediction is off, as class weights make it', () => {
    expect(names({ metrics: { ...metrics, meanPrediction: metrics.rate + 0.011 } })).toEqual(['mean-prediction-off']);
  });

  test('fails a model that is much worse for one group, and for figures that are no numbers', () => {
    const group = { column: 'sales_channel', value: 'Mobile', metrics, baselineLogLoss: metrics.logLoss * 0.9 };
    expect(names({ groups: [group] })).toEqual(['group-much-worse']);
    const shifted = { ...group, baselineLogLoss: 1, metrics: { ...metrics, meanPrediction: metrics.rate - 0.06 } };
    expect(names({ groups: [shifted] })).toEqual(['group-much-worse']);
    expect(names({ metrics: { ...metrics, meanPrediction: Number.NaN } })).toEqual(['mean-prediction-off']);
  });
});

function judged(frames: JudgedFrames): string[] {
  const refusals = judge({ evaluation: good(), leaks: findLeaks(frames) });
  return [...new Set(refusals.map(({ name }) => name))];
}

/** Frames as they are prepared: the exam judges. */
function honest(plan: FeaturePlan, rows: readonly FeatureRow[], dealt?: Uint8Array): JudgedFrames {
  const features = featuresFor(plan, TARGET);
  const labels = labelsOf(rows, TARGET);
  const split = splitRows(plan, rows);
  const folds = dealt ?? split.folds;
  const columns = readColumns(features, rows);
  const training = all(rows.length).filter((row) => folds[row] !== EXAM);
  const testing = all(rows.length).filter((row) => folds[row] === EXAM);
  const train = crossFit(columns, labels, training, folds);
  const test = fill(columns, learn(columns, labels, training), testing);
  return { features, rows, labels, groups: split.groups, folds, training, testing, train, test };
}

/** A calibrated model of some skill. */
function good(): Evaluation {
  const probability = Array.from({ length: 1000 }, (_, row) => (row % 2 === 0 ? 0.25 : 0.05));
  const label = probability.map((p, row) => (row % 40 < 40 * p && row % 2 === (p > 0.1 ? 0 : 1) ? 1 : 0));
  const metrics = { ...metricsOf(label, probability), meanPrediction: 0.15, rate: 0.15 };
  const baseline = { ...metrics, logLoss: metrics.logLoss + 0.1 };
  return { target: TARGET, metrics, foldRocAucs: [], baseline, calibration: [], groups: [] };
}
