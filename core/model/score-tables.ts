/**
 * The tables that models leave in the lake: what was foretold of each booking, how well, and whether the world moved.
 * Their columns are said here and nowhere else.
 */
import type { Column, DatasetPlan, LakeType } from '../contract/plan.ts';
import { RISK_BANDS, type RiskBand } from './risk-band.ts';

/** What a version foretold of one booking. Never changed: another version, another row. */
export interface BookingScore {
  readonly booking_id: string;
  /** ISO, UTC. */
  readonly scored_at: string;
  readonly model_version: string;
  readonly completion_probability: number;
  readonly risk_band: RiskBand;
  /** As `unseen:route;range:purchase_lead`; null where nothing is strange. */
  readonly flags: string | null;
  readonly source: 'batch' | 'stream';
  /** `YYYY-MM-DD`; null where the booking has no time. */
  readonly event_date: string | null;
  readonly was_trained_on: boolean;
}

/** How well a version foretold the outcomes of one day: all of them, or a tenth of them by probability. */
export interface ModelMetric {
  readonly model_version: string;
  readonly basis: 'training' | 'outcomes';
  /** 1 to 10, from the least probable; null for all bookings. */
  readonly decile: number | null;
  readonly bookings: bigint;
  readonly completed: bigint;
  readonly mean_prediction: number;
  readonly completion_rate: number;
  readonly calibration_gap: number;
  /** The following are null for a decile, and where all bookings of the day have one outcome. */
  readonly roc_auc: number | null;
  readonly log_loss: number | null;
  readonly brier: number | null;
}

/** One figure of a day beside what it was in training. */
export interface ModelDrift {
  readonly model_version: string;
  readonly kind: 'feature' | 'prediction' | 'metric';
  readonly name: string;
  readonly bookings: bigint;
  /** Population stability index; null for a metric. */
  readonly psi: number | null;
  /** Of a metric: in training, on the day, and the change as a share of the former. */
  readonly baseline: number | null;
  readonly found: number | null;
  readonly change: number | null;
  readonly is_alarm: boolean;
}

/** As long as the bookings themselves. */
const KEPT_DAYS = 730;
const TEXT: LakeType = { kind: 'string' };
const SHARE: LakeType = { kind: 'double' };
const COUNT: LakeType = { kind: 'int64' };
const YES: LakeType = { kind: 'boolean' };
const VERSION = column('model_version', TEXT, 'Version of the model, as laketwin model show lists it.');

export const bookingScores: DatasetPlan = table({
  name: 'booking_scores',
  description: 'One row per booking, model version and scoring: what was foretold before the outcome counted.',
  key: ['booking_id', 'model_version'],
  partitionBy: 'scored_date',
  columns: [
    column('booking_id', TEXT, 'Id of the booking.'),
    column('scored_at', { kind: 'timestamp' }, 'When it was scored, in a stream when its batch arrived, in UTC.'),
    VERSION,
    column('completion_probability', SHARE, 'Probability that the booking is completed, calibrated.'),
    column('risk_band', { kind: 'enum', values: RISK_BANDS }, 'Risk that it is not completed: high, medium or low.'),
    nullable(
      column('flags', TEXT, 'What is strange about the row: unseen:, range: and missing:, parted by semicolons.'),
    ),
    column('source', { kind: 'enum', values: ['batch', 'stream'] }, 'Scored in the lake, or on its way in.'),
    nullable(column('event_date', { kind: 'date' }, 'Day on which the booking was made.')),
    column('was_trained_on', YES, 'True where the model may have learnt from this booking: not for judging it.'),
  ],
});

export const modelMetrics: DatasetPlan = table({
  name: 'model_metrics',
  description: 'One row per day, model version and tenth of the bookings, and one for all of them.',
  key: ['model_version', 'basis', 'decile'],
  partitionBy: 'scored_date',
  columns: [
    VERSION,
    column(
      'basis',
      { kind: 'enum', values: ['training', 'outcomes'] },
      'training: each row by a model that did not see it; outcomes: bookings that came after the training.',
    ),
    nullable(column('decile', { kind: 'int32' }, 'Tenth of the bookings, 1 the least probable; null for all.')),
    column('bookings', COUNT, 'Bookings whose outcome is known.'),
    column('completed', COUNT, 'Of these, completed.'),
    column('mean_prediction', SHARE, 'Mean probability of completion.'),
    column('completion_rate', SHARE, 'Share completed.'),
    column('calibration_gap', SHARE, 'mean_prediction less completion_rate.'),
    nullable(column('roc_auc', SHARE, 'Chance that a completed booking has the greater probability than another.')),
    nullable(column('log_loss', SHARE, 'Mean negative log likelihood, natural logarithm.')),
    nullable(column('brier', SHARE, 'Mean squared difference of outcome and probability.')),
  ],
});

export const modelDrift: DatasetPlan = table({
  name: 'model_drift',
  description: 'One row per day, model version and figure that is watched.',
  key: ['model_version', 'kind', 'name'],
  partitionBy: 'scored_date',
  columns: [
    VERSION,
    column('kind', { kind: 'enum', values: ['feature', 'prediction', 'metric'] }, 'What is watched.'),
    column('name', TEXT, 'Name of the feature or metric.'),
    column('bookings', COUNT, 'Bookings of the day that it was measured on.'),
    nullable(column('psi', SHARE, 'Population stability index against the training; null for a metric.')),
    nullable(column('baseline', SHARE, 'The metric in training.')),
    nullable(column('found', SHARE, 'The metric of the day.')),
    nullable(column('change', SHARE, 'Change of the metric, as a share of its baseline.')),
    column('is_alarm', YES, 'True above a PSI of 0.25, or where a metric moved by more than 15 %.'),
  ],
});

export const MODEL_TABLES: readonly DatasetPlan[] = [bookingScores, modelMetrics, modelDrift];

/** Folder of a day of one of the tables, in curated/. */
export function scoredDayPrefix({ name, partitionBy }: DatasetPlan, day: string): string {
  return `${name}/${partitionBy}=${day}/`;
}

function table(given: Pick<DatasetPlan, 'name' | 'description' | 'key' | 'partitionBy' | 'columns'>): DatasetPlan {
  const retention = { rawDays: KEPT_DAYS, processedDays: KEPT_DAYS };
  return { ...given, newestBy: [], retention, clean: [], maxRejectedShare: 0 };
}

function column(name: string, type: LakeType, description: string): Column {
  return { name, type, nullable: false, description, privacy: 'none', origin: 'lake' };
}

function nullable(it: Column): Column {
  return { ...it, nullable: true };
}
