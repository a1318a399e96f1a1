/** Rows of `booking_scores`, made in the same way in the stream and in the lake. */
import type { FeaturePlan, FeatureRow } from '../features/feature-plan.ts';
import type { PublishedModel } from './published-model.ts';
import { riskBand } from './risk-band.ts';
import { scoreRows } from './score-rows.ts';
import type { BookingScore } from './score-tables.ts';

/** A booking as far as scoring asks. */
export interface ScorableRow extends FeatureRow {
  readonly booking_id: string;
  /** ISO, UTC. */
  readonly event_time: string | null;
  readonly ingested_at: string;
}

export interface Scoring {
  readonly plan: FeaturePlan;
  readonly source: BookingScore['source'];
  readonly now: Date;
}

export function scoreBookings(
  { model, record }: PublishedModel,
  { plan, source, now }: Scoring,
  rows: readonly ScorableRow[],
): BookingScore[] {
  const { probabilities, flags } = scoreRows(model, plan, rows);
  const scored_at = now.toISOString();
  return rows.map(({ booking_id, event_time, ingested_at }, at) => {
    const completion_probability = probabilities[at] ?? Number.NaN;
    return {
      booking_id,
      scored_at,
      model_version: record.version,
      completion_probability,
      risk_band: riskBand(completion_probability),
      flags: flags[at]?.length ? flags[at].join(';') : null,
      source,
      event_date: event_time?.slice(0, 10) ?? null,
      was_trained_on: ingested_at <= record.createdAt,
    };
  });
}
