/** A candidate beside the base rate and the champion, on rows that none of them was trained on. */
import type { FeatureRow } from '../features/feature-plan.ts';
import { type CalibrationBand, calibrationTable, type Metrics, metricsOf } from './metrics.ts';

export interface GroupMetrics {
  readonly column: string;
  readonly value: string;
  readonly metrics: Metrics;
  /** Log loss of the group's own rate of the target. */
  readonly baselineLogLoss: number;
}

export interface Evaluation {
  readonly target: string;
  /** Of every row, by the model of the fold that was not trained on it. */
  readonly metrics: Metrics;
  /** ROC AUC of each fold. */
  readonly foldRocAucs: readonly number[];
  /** The rate of the other folds, for every row of a fold. */
  readonly baseline: Metrics;
  readonly calibration: readonly CalibrationBand[];
  readonly groups: readonly GroupMetrics[];
}

/** Predictions of rows, each by a model that was not trained on it. */
export interface Predictions {
  readonly row: readonly number[];
  readonly fold: readonly number[];
  readonly label: readonly number[];
  readonly probability: readonly number[];
}

/** Fewest rows of a group, and of either label in it, that figures are given for. */
const LEAST_ROWS = 500;
const LEAST_LABELS = 30;

export function evaluate(
  target: string,
  given: Predictions,
  rows: readonly FeatureRow[],
  groups: readonly string[],
): Evaluation {
  const { label, probability, fold } = given;
  const rates = baselineOf(label, fold);
  const folds = [...new Set(fold)].sort((a, b) => a - b);
  return {
    target,
    metrics: metricsOf(label, probability),
    foldRocAucs: folds.map((own) => pick(given, (at) => fold[at] === own).rocAuc),
    baseline: metricsOf(
      label,
      fold.map((own) => rates.get(own) ?? 0),
    ),
    calibration: calibrationTable(label, probability),
    groups: groups.flatMap((column) => groupsOf(column, given, rows)),
  };
}

function baselineOf(label: readonly number[], fold: readonly number[]): Map<number, number> {
  const rates = new Map<number, number>();
  for (const own of new Set(fold)) {
    const others = label.filter((_, at) => fold[at] !== own);
    rates.set(own, others.reduce((sum, it) => sum + it, 0) / others.length);
  }
  return rates;
}

function groupsOf(column: string, given: Predictions, rows: readonly FeatureRow[]): GroupMetrics[] {
  const values = given.row.map((row) => String(rows[row]?.[column] ?? ''));
  const places = groupPlaces(values);
  return [...places]
    .map(([value, held]) => {
      const of = new Set(held);
      const metrics = pick(given, (at) => of.has(at));
      return { column, value, metrics, baselineLogLoss: entropy(metrics.rate) };
    })
    .filter(
      ({ metrics: { rows: count, rate } }) => count >= LEAST_ROWS && Math.min(rate, 1 - rate) * count >= LEAST_LABELS,
    )
    .sort((a, b) => b.metrics.rows - a.metrics.rows || (a.value < b.value ? -1 : 1));
}

function pick({ label, probability }: Predictions, is: (at: number) => boolean): Metrics {
  return metricsOf(
    label.filter((_, at) => is(at)),
    probability.filter((_, at) => is(at)),
  );
}

function entropy(rate: number): number {
  return -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate));
}

function groupPlaces(values: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  values.forEach((value, at) => {
    const held = places.get(value);
    if (held === undefined) places.set(value, [at]);
    else held.push(at);
  });
  return places;
}
