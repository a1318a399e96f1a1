import { resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { entriesToReplay } from '../core/lake/reprocessing.ts';
import { replayObject } from '../lambdas/reprocess/replay-object.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { openFileStore } from './file-store.ts';
import { lockLake } from './lock.ts';
import { reprocessPorts } from './reprocess-ports.ts';

export interface ReplayInput {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly now: () => Date;
  /** Default: the lake's own. */
  readonly pseudonymKey?: PseudonymKey;
}

export interface ReplaySummary {
  readonly dataset: string;
  /** Rejected rows that were tried again. */
  readonly tried: number;
  readonly accepted: number;
  readonly stillRejected: number;
  /** Rejected rows of which the lake holds only the beginning: they cannot be tried. */
  readonly cut: number;
  /** Rejected rows whose files have expired, or the raw file that says how to read them. */
  readonly expired: number;
  readonly curated: readonly CuratedTable[];
}

/**
 * Tries the rejected rows of a dataset again, by the contract and the cleaning rules of today, see `replayObject`; then
 * the curated tables follow.
 *
 * Throws `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to.
 */
export async function replayRejected({ lake, dataset: plan, now, pseudonymKey }: ReplayInput): Promise<ReplaySummary> {
  const startedAt = now();
  const root = resolve(lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    await applyErasures(store, plan);
    const entries = await listEntries(store, plan.name);
    const ports = reprocessPorts(store, plan, pseudonymKey);
    const totals = { tried: 0, accepted: 0, cut: 0, expired: 0, changed: 0 };
    const waiting = entriesToReplay(entries);
    for (const entry of waiting) {
      const earlier = entries.filter(({ replayOf }) => replayOf === entry.id);
      const done = await replayObject(ports, entry, earlier);
      totals.tried += done.tried;
      totals.accepted += done.accepted;
      totals.cut += done.cut;
      totals.expired += done.expired;
      totals.changed += done.accepted > 0 ? 1 : 0;
    }
    const { changed, ...counts } = totals;
    const { tried, accepted } = counts;
    const stillRejected = tried - accepted;
    const rows = { rowsIn: tried, accepted, rejected: stillRejected, duplicates: 0 };
    const before = { mode: 'replay' as const, objects: waiting.length, changed, ...rows };
    const curated = await curateChecked({ store, plan, now, startedAt, before });
    return { dataset: plan.name, ...counts, stillRejected, curated };
  } finally {
    await release();
  }
}
