/** Outcomes beside what was foretold of them, day by day: how well a version does, and whether the world moved. */
import { type FeaturePlan, type FeatureRow, meaningOf } from '../features/feature-plan.ts';
import { type Frame, frameOf } from '../features/frame.ts';
import { byDay, hasMoved, histogramOf, METRIC_ALARM, type Outcome, PSI_ALARM, psi, sharesOf } from './drift.ts';
import { type CalibrationBand, calibrationTable, type Metrics, metricsOf } from './metrics.ts';
import type { PublishedModel } from './published-model.ts';
import { plainNumbers } from './score-rows.ts';
import type { ModelDrift, ModelMetric } from './score-tables.ts';

/** What a day's figures stand on. */
export interface DayOfFeedback {
  /** `YYYY-MM-DD` of the scores. */
  readonly day: string;
  readonly metrics: readonly ModelMetric[];
  readonly drift: readonly ModelDrift[];
}

/** A scored booking that the model did not learn from, with its outcome. */
export interface JudgedBooking extends Outcome {
  readonly row: FeatureRow;
}

/**
 * Fewest bookings of a day, and fewest of either outcome, that may ring: with so many, a log loss or a Brier score
 * varies by less than 5 % from day to day, and a PSI of ten bands stays below 0.03, without anything having moved.
 */
export const LEAST_BOOKINGS = 1000;
export const LEAST_OUTCOMES = 100;

/** Days in order; the day of the training first, where the version says how it was judged. */
export function feedbackOf(
  published: PublishedModel,
  plan: FeaturePlan,
  judged: readonly JudgedBooking[],
): DayOfFeedback[] {
  const baseline = published.record.targets[plan.targets[0]?.column ?? '']?.evaluation;
  const { version, createdAt } = published.record;
  const trained = baseline && {
    day: createdAt.slice(0, 10),
    metrics: metricRows(version, 'training', baseline.metrics, baseline.calibration),
    drift: [],
  };
  const rows = rowsByDay(judged);
  const population = populationOf(published, plan);
  const days = [...byDay(judged)].map(([day, { label, probability }]) => {
    const found = metricsOf(label, probability);
    return {
      day,
      metrics: metricRows(version, 'outcomes', found, calibrationTable(label, probability)),
      drift: [
        ...population(rows.get(day) ?? [], probability),
        ...(baseline === undefined ? [] : metricDrift(version, baseline.metrics, found)),
      ],
    };
  });
  return [...(trained ? [trained] : []), ...days];
}

/** In words, what rings; empty where nothing does. */
export function alarmsOf(published: PublishedModel, { day, drift }: DayOfFeedback): string[] {
  return drift
    .filter(({ is_alarm }) => is_alarm)
    .map(({ kind, name, psi, baseline, found, change }) =>
      kind === 'metric'
        ? `${day}: ${name} is ${figure(found)}, in training ${figure(baseline)}: moved by ${percent(change)}, at most ${percent(METRIC_ALARM)} is expected`
        : `${day}: ${name} has shifted, PSI ${figure(psi)}, at most ${PSI_ALARM} is expected${meaning(published, name)}`,
    );
}

function metricRows(
  model_version: string,
  basis: ModelMetric['basis'],
  all: Metrics,
  bands: readonly CalibrationBand[],
): ModelMetric[] {
  const row = (decile: number | null, rows: number, mean_prediction: number, completion_rate: number) => ({
    model_version,
    basis,
    decile,
    bookings: BigInt(rows),
    completed: BigInt(Math.round(completion_rate * rows)),
    mean_prediction,
    completion_rate,
    calibration_gap: mean_prediction - completion_rate,
  });
  return [
    {
      ...row(null, all.rows, all.meanPrediction, all.rate),
      roc_auc: finite(all.rocAuc),
      log_loss: finite(all.logLoss),
      brier: finite(all.brier),
    },
    ...bands
      .filter(({ rows }) => rows > 0)
      .map(({ band, rows, meanPrediction, rate }) => ({
        ...row(band, rows, meanPrediction, rate),
        roc_auc: null,
        log_loss: null,
        brier: null,
      })),
  ];
}

const WATCHED = { 'ROC AUC': 'rocAuc', 'log loss': 'logLoss', 'Brier score': 'brier' } as const;

function metricDrift(model_version: string, was: Metrics, is: Metrics): ModelDrift[] {
  const completed = is.rate * is.rows;
  const isEnough = is.rows >= LEAST_BOOKINGS && Math.min(completed, is.rows - completed) >= LEAST_OUTCOMES;
  return Object.entries(WATCHED).map(([name, key]) => ({
    model_version,
    kind: 'metric',
    name,
    bookings: BigInt(is.rows),
    psi: null,
    baseline: finite(was[key]),
    found: finite(is[key]),
    change: finite((is[key] - was[key]) / was[key]),
    is_alarm: isEnough && hasMoved(was[key], is[key]),
  }));
}

/**
 * The bookings that the version was made of, as its witness rows show them, beside those of a day: each input as the
 * model reads it, categories by their learnt rate, and the prediction itself.
 */
function populationOf({ model, record, witness }: PublishedModel, plan: FeaturePlan) {
  const { features, encodings } = model;
  const singles = features.encodings.flatMap(({ parts }, place) =>
    parts.length === 1 ? [features.numbers.length + place] : [],
  );
  const watched = [...plainNumbers(features), ...singles];
  const trained = frameOf(features, witness.rows, encodings);
  const histograms = watched.map((place) => histogramOf(valuesAt(trained, place)));
  const foretold = histogramOf(witness.probabilities);
  const isKnown = witness.rows.length >= LEAST_BOOKINGS;
  return (rows: readonly FeatureRow[], probability: readonly number[]): ModelDrift[] => {
    const day = frameOf(features, rows, encodings);
    const drifted = (kind: ModelDrift['kind'], name: string, index: number) => ({
      ...{ model_version: record.version, kind, name, bookings: BigInt(rows.length), psi: index },
      ...{ baseline: null, found: null, change: null },
      is_alarm: isKnown && rows.length >= LEAST_BOOKINGS && index > PSI_ALARM,
    });
    return [
      ...watched.map((place, at) => {
        const { edges, shares } = histograms[at] ?? histogramOf([]);
        return drifted('feature', features.names[place] ?? '', psi(shares, sharesOf(valuesAt(day, place), edges)));
      }),
      drifted('prediction', plan.targets[0]?.column ?? '', psi(foretold.shares, sharesOf(probability, foretold.edges))),
    ];
  };
}

function valuesAt({ names, rows, data }: Frame, place: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => data[row * names.length + place] ?? Number.NaN);
}

function rowsByDay(judged: readonly JudgedBooking[]): Map<string, FeatureRow[]> {
  const days = new Map<string, FeatureRow[]>();
  for (const { day, row } of judged) {
    const held = days.get(day);
    if (held === undefined) days.set(day, [row]);
    else held.push(row);
  }
  return days;
}

function meaning({ model }: PublishedModel, name: string): string {
  if (!model.features.names.includes(name)) return '';
  return ` (${meaningOf(model.features, name).replace(/\.$/, '')})`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function figure(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3);
}

function percent(share: number | null): string {
  return share === null ? 'an unknown share' : `${(share * 100).toFixed(0)} %`;
}
