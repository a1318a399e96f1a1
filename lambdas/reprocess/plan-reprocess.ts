import { listEntries } from '../../core/lake/read-ledger.ts';
import {
  type Asked,
  batchesOf,
  entriesToBackfill,
  entriesToReplay,
  type ReprocessOrder,
  reprocessKey,
} from '../../core/lake/reprocessing.ts';
import { sweepDays } from '../../core/lake/sweep-processed.ts';
import type { ReprocessPorts } from './reprocess-ports.ts';

export interface PlannedReprocess {
  readonly objects: number;
  /** Numbers of the batches of the order. */
  readonly batches: readonly number[];
}

/** How long files that nobody names are left alone: a function that is at work now may be about to name them. */
const LEFT_ALONE_MS = 24 * 60 * 60 * 1000;

/**
 * Writes the order of what is to be processed again, cut into batches. Before a backfill, what killed runs have left
 * in its days is removed. Throws for a range that is none.
 */
export async function planReprocess(
  { store, plan, now }: Pick<ReprocessPorts, 'store' | 'plan'> & { readonly now: () => Date },
  run: string,
  asked: Asked,
): Promise<PlannedReprocess> {
  const isBackfill = 'backfill' in asked;
  if (isBackfill) checkRange(asked.backfill);
  const all = await listEntries(store, plan.name);
  const entries = isBackfill ? entriesToBackfill(all, asked.backfill) : entriesToReplay(all);
  if (isBackfill) {
    const days = entries.map(({ ingestDate }) => ingestDate);
    await sweepDays(store, plan, days, new Date(now().getTime() - LEFT_ALONE_MS));
  }
  const order: ReprocessOrder = { mode: isBackfill ? 'backfill' : 'replay', batches: batchesOf(entries) };
  await store.put('curated', reprocessKey(run, 'order'), `${JSON.stringify(order)}\n`);
  return { objects: entries.length, batches: order.batches.map((_, at) => at) };
}

function checkRange({ from, to }: { readonly from: string; readonly to: string }): void {
  for (const day of [from, to]) {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`));
    if (!isDay) throw new Error(`a backfill has a day '${day}', expected one as 2026-01-31`);
  }
  if (from > to) throw new Error(`a backfill is from ${from} to ${to}, expected the earlier day first`);
}
