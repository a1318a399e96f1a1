import { resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import type { Counts } from '../core/lake/ledger.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { type BackfilledObject, entriesToBackfill } from '../core/lake/reprocessing.ts';
import { sweepDays } from '../core/lake/sweep-processed.ts';
import { backfillObject } from '../lambdas/reprocess/backfill-object.ts';
import { dropReplays } from '../lambdas/reprocess/reprocess-batch.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { dayRange } from './day-range.ts';
import { openFileStore } from './file-store.ts';
import { lockLake } from './lock.ts';
import { reprocessPorts } from './reprocess-ports.ts';
import { StageClock } from './stage-clock.ts';
import type { Progress } from './terminal/progress.ts';

export interface BackfillInput {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  /** A day (`2026-01-31`) or a month (`2026-01`), UTC; the first that is processed again. */
  readonly from: string;
  /** The last one, included. */
  readonly to: string;
  readonly now: () => Date;
  /** Default: the lake's own. */
  readonly pseudonymKey?: PseudonymKey;
  readonly progress?: Progress;
  /** Folder of the SQL of curated tables. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
  /** Names of checks of a publication that may be broken this once. */
  readonly despite?: readonly string[];
}

/** What a backfill did. The counts are of all its objects, as they stand now. */
export interface BackfillSummary extends Counts {
  readonly dataset: string;
  readonly from: string;
  readonly to: string;
  readonly objects: readonly BackfilledObject[];
  /** Parts of a stream in the range: they have no object in raw/, and stay as they are. */
  readonly streamEntries: number;
  /** Replays that were dropped: their rows stand in the objects again, where the rules of today accept them. */
  readonly replaysDropped: number;
  readonly seconds: number;
  readonly curated: readonly CuratedTable[];
}

/**
 * Processes the objects that were received in a range of days again, by the rules of today; their new rows replace the
 * old ones, then the curated tables follow. An object whose outcome is the same is left as it is. A backfill that was
 * killed at any moment is made good by running it again.
 *
 * Throws `UsageError` for a range that is none, `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to,
 * and `ChecksFailed` where the new rows break a promise: they stand in the ledger then, and are not published.
 */
export async function backfillLake(input: BackfillInput): Promise<BackfillSummary> {
  const { from, to } = dayRange(input.from, input.to);
  const started = performance.now();
  const startedAt = input.now();
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const { dataset: plan, sqlRoot, despite, now } = input;
    const store = await openFileStore(root);
    await applyErasures(store, plan);
    const ports = reprocessPorts(store, plan, input.pseudonymKey);
    const clock = new StageClock(input.progress);
    const entries = await listEntries(store, plan.name);
    const inRange = entries.filter(({ ingestDate }) => from <= ingestDate && ingestDate <= to);
    await sweepDays(
      store,
      plan,
      inRange.map(({ ingestDate }) => ingestDate),
    );
    const objects: BackfilledObject[] = [];
    let replaysDropped = 0;
    let changed = 0;
    for (const entry of entriesToBackfill(entries, { from, to })) {
      const done = await clock.time('convert', entry.name, async (onProgress) => {
        const value = await backfillObject(ports, entry, onProgress);
        return { value, rows: value.rowsIn };
      });
      objects.push(done);
      const dropped = done.why === undefined ? await dropReplays(ports, entries, entry) : 0;
      replaysDropped += dropped;
      if (done.outcome === 'replaced' || dropped > 0) changed += 1;
    }
    const total = (count: keyof Counts) => objects.reduce((sum, object) => sum + object[count], 0);
    const counts: Counts = {
      rowsIn: total('rowsIn'),
      accepted: total('accepted'),
      rejected: total('rejected'),
      duplicates: total('duplicates'),
    };
    const before = { mode: 'backfill' as const, fromDay: from, toDay: to, objects: objects.length, changed, ...counts };
    const curated = await clock.time('curate', plan.name, async (onProgress) => {
      const value = await curateChecked({ store, plan, now, startedAt, before, sqlRoot, onProgress, despite });
      return { value, rows: value.reduce((sum, table) => sum + table.rowsSettled, 0) };
    });
    return {
      dataset: plan.name,
      from,
      to,
      ...counts,
      objects,
      streamEntries: inRange.filter(({ source }) => source === 'stream').length,
      replaysDropped,
      seconds: (performance.now() - started) / 1000,
      curated,
    };
  } finally {
    await release();
  }
}
