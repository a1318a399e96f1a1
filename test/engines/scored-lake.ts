/** The tables of the models for tests of SQL: made-up scores, metrics and drift over bookings that are there. */

import type { DatasetPlan } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { riskBand } from '../../core/model/risk-band.ts';
import {
  type BookingScore,
  bookingScores,
  type ModelDrift,
  type ModelMetric,
  modelDrift,
  modelMetrics,
  scoredDayPrefix,
} from '../../core/model/score-tables.ts';
import { datasets } from '../../datasets/index.ts';
import { openEngine } from '../../local/engine.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';

const VERSIONS = ['v0001-00000000', 'v0002-00000000'] as const;
const BASES = ['training', 'outcomes'] as const;
const DECILES = Array.from({ length: 10 }, (_, at) => at + 1);

/** Scores all bookings of the lake in a folder. */
export async function scoreLake(folder: string, day: string): Promise<void> {
  const store = await openFileStore(folder);
  const engine = await openEngine(store, datasets);
  const { rows } = await engine.query('select booking_id from bookings order by booking_id');
  await engine.close();
  await putModelTables(
    store,
    rows.map(([id]) => String(id)),
    day,
  );
}

/** Scores each booking by two versions, an hour apart, on one day. */
export async function putModelTables(store: FileStore, ids: readonly string[], day: string): Promise<void> {
  const scores = VERSIONS.flatMap((version, hour) => ids.map((id, at) => aScore(id, version, day, hour, at)));
  await put(store, bookingScores, day, scores);
  await put(
    store,
    modelMetrics,
    day,
    VERSIONS.flatMap((version) =>
      BASES.flatMap((basis) => [null, ...DECILES].map((decile) => aMetric(version, basis, decile))),
    ),
  );
  await put(store, modelDrift, day, [
    aDrift({ kind: 'feature', name: 'purchase_lead', psi: 0.31, is_alarm: true }),
    aDrift({ kind: 'metric', name: 'ROC AUC', baseline: 0.8, found: 0.78, change: -0.025 }),
  ]);
}

function put(store: FileStore, table: DatasetPlan, day: string, rows: readonly object[]) {
  const bytes = toParquet(table, rows as readonly Record<string, unknown>[]);
  return store.put('curated', `${scoredDayPrefix(table, day)}test.parquet`, bytes);
}

function aScore(booking_id: string, model_version: string, day: string, hour: number, at: number): BookingScore {
  const completion_probability = ((at * 37 + hour) % 100) / 100 + 0.00123457;
  return {
    booking_id,
    scored_at: `${day}T0${hour}:00:00.000Z`,
    model_version,
    completion_probability,
    risk_band: riskBand(completion_probability),
    flags: at === 0 ? 'unseen:route;range:purchase_lead' : null,
    source: at % 2 === 0 ? 'batch' : 'stream',
    event_date: at % 3 === 0 ? null : day,
    was_trained_on: false,
  };
}

/** Foretells a little too much of what is likely. A tenth of the outcomes is a small sample. */
function aMetric(model_version: string, basis: ModelMetric['basis'], decile: number | null): ModelMetric {
  const [bookings, completed] = [basis === 'training' ? 200n : 20n, BigInt(decile ?? 3)];
  const [mean_prediction, completion_rate] = [0.01 + (decile ?? 3) / 180, Number(completed) / Number(bookings)];
  return {
    model_version,
    basis,
    decile,
    bookings,
    completed,
    mean_prediction,
    completion_rate,
    calibration_gap: mean_prediction - completion_rate,
    roc_auc: decile === null ? 0.8 : null,
    log_loss: decile === null ? 0.5 : null,
    brier: decile === null ? 0.2 : null,
  };
}

function aDrift(given: Pick<ModelDrift, 'kind' | 'name'> & Partial<ModelDrift>): ModelDrift {
  return {
    ...{ model_version: VERSIONS[0], bookings: 7n, psi: null, baseline: null, found: null, change: null },
    is_alarm: false,
    ...given,
  };
}
