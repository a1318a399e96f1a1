/**
 * Scores the good rows of a batch on their way in, into `booking_scores`. Loaded only where scoring is switched on; no
 * row ever waits for a model, or is lost for one.
 */
import { Buffer } from 'node:buffer';
import { toParquet } from '../../core/contract/to-parquet.ts';
import type { FirehoseEvent } from '../../core/etl/envelope.ts';
import type { TransformedBatch } from '../../core/etl/transform-batch.ts';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { ForeignModel } from '../../core/model/bundle.ts';
import { DamagedModel } from '../../core/model/forest.ts';
import {
  NoModel,
  openPublished,
  type PublishedModel,
  type ReadRegistryFile,
} from '../../core/model/published-model.ts';
import { type ScorableRow, scoreBookings } from '../../core/model/score-bookings.ts';
import { bookingScores, scoredDayPrefix } from '../../core/model/score-tables.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { fingerprint } from './keep-aside.ts';
import type { BatchScorer, ScoredBatch } from './transform-events.ts';

export interface ScoreBatchPorts {
  readonly plan: FeaturePlan;
  readonly store: ObjectStore;
  readonly readRegistry: ReadRegistryFile;
}

/** What is wrong with these will be wrong with the next batch too: they are not read again. */
const REFUSED = [DamagedModel, ForeignModel, NoModel];

/** Opens the champion with the first batch. What it cannot score is counted and said, and passes. */
export function batchScorer(ports: ScoreBatchPorts): BatchScorer {
  let opening: Promise<PublishedModel> | undefined;
  return async (event, batch) => {
    const rows = goodRows(batch);
    if (rows.length === 0) return { scored: 0, unscored: 0 };
    try {
      opening ??= openPublished(ports.readRegistry, ports.plan);
      await putScores(ports, await opening, event, rows);
      return { scored: rows.length, unscored: 0 };
    } catch (error) {
      if (!REFUSED.some((kind) => error instanceof kind)) opening = undefined;
      return failed(rows.length, error);
    }
  };
}

function failed(unscored: number, error: unknown): ScoredBatch {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { scored: 0, unscored, fault: `${name}: ${message}` };
}

/**
 * Named after the batch and laid into the day on which its last record arrived: one that Firehose sends again, were it
 * after midnight, replaces its own scores.
 */
async function putScores(
  { plan, store }: ScoreBatchPorts,
  published: PublishedModel,
  event: FirehoseEvent,
  rows: readonly ScorableRow[],
): Promise<void> {
  const at = new Date(rows.reduce((last, { ingested_at }) => (ingested_at > last ? ingested_at : last), ''));
  const scores = scoreBookings(published, { plan, source: 'stream', now: at }, rows);
  const name = `${published.record.version}-stream-${fingerprint(event).slice(0, 32)}.parquet`;
  const bytes = toParquet(
    bookingScores,
    scores.map((score) => ({ ...score })),
  );
  await store.put('curated', `${scoredDayPrefix(bookingScores, at.toISOString().slice(0, 10))}${name}`, bytes);
}

/** As they were answered or kept: typed, and without what a sender may not give. */
function goodRows({ response, overflow }: TransformedBatch): ScorableRow[] {
  const answered = response.records.flatMap((record) => {
    if (record.result !== 'Ok') return [];
    const lines = Buffer.from(record.data, 'base64').toString('utf8').trimEnd().split('\n');
    return lines.map((line): unknown => JSON.parse(line));
  });
  return [...answered, ...overflow] as ScorableRow[];
}
