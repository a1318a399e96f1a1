import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { readJson } from '../../core/lake/read-object.ts';
import {
  addBatches,
  type BackfilledObject,
  NOTHING_REPROCESSED,
  type ReprocessedBatch,
  type ReprocessOrder,
  reprocessKey,
} from '../../core/lake/reprocessing.ts';
import { dropReplay } from '../../core/lake/sweep-processed.ts';
import { backfillObject } from './backfill-object.ts';
import { type ReplayedObject, replayObject } from './replay-object.ts';
import type { ReprocessPorts } from './reprocess-ports.ts';

export interface BatchPorts extends ReprocessPorts {
  /** Told of every object. */
  readonly report: (done: BackfilledObject | ReplayedObject) => void;
}

/**
 * Works on one batch of an order, one object after the other, and writes what it came to last. Doing it again changes
 * no row.
 */
export async function reprocessBatch(ports: BatchPorts, run: string, batch: number): Promise<ReprocessedBatch> {
  const { store, plan } = ports;
  const order = (await readJson(store, 'curated', reprocessKey(run, 'order'))) as ReprocessOrder | undefined;
  const ids = order?.batches[batch];
  if (order === undefined || ids === undefined) throw new Error(`the run ${run} ordered no batch ${batch}`);
  const entries = await listEntries(store, plan.name);
  let total = NOTHING_REPROCESSED;
  for (const id of ids) {
    const entry = entries.find((it) => it.id === id);
    if (entry === undefined) throw new Error(`the ledger entry ${id} was removed; run again`);
    total = addBatches(total, await WORK[order.mode](ports, entry, entries));
  }
  await store.put('curated', reprocessKey(run, batch), `${JSON.stringify(total)}\n`);
  return total;
}

type Work = (ports: BatchPorts, entry: LedgerEntry, entries: readonly LedgerEntry[]) => Promise<ReprocessedBatch>;

const WORK: Readonly<Record<ReprocessOrder['mode'], Work>> = {
  async backfill(ports, entry, entries) {
    const done = await backfillObject(ports, entry);
    ports.report(done);
    const { rowsIn, accepted, rejected, duplicates, why, outcome } = done;
    // The replays of what is handed over go with its new revision.
    const isHandedOver = outcome === 'handed over';
    const replaysDropped = why === undefined && !isHandedOver ? await dropReplays(ports, entries, entry) : 0;
    const changed = isHandedOver || outcome === 'replaced' || replaysDropped > 0 ? 1 : 0;
    const untried = why === undefined ? 0 : 1;
    return { objects: 1, changed, untried, replaysDropped, rowsIn, accepted, rejected, duplicates };
  },
  async replay(ports, entry, entries) {
    const earlier = entries.filter(({ replayOf }) => replayOf === entry.id);
    const done = await replayObject(ports, entry, earlier);
    ports.report(done);
    const { tried, accepted, cut, expired, tooMany = 0 } = done;
    const rows = { rowsIn: tried, accepted, rejected: tried - accepted, duplicates: 0 };
    return { objects: 1, changed: accepted > 0 ? 1 : 0, untried: cut + expired + tooMany, replaysDropped: 0, ...rows };
  },
};

/** The object itself was judged by the rules of today, its rejected rows too: what replays added is in it or is wrong. */
export async function dropReplays(
  { store, plan }: Pick<ReprocessPorts, 'store' | 'plan'>,
  entries: readonly LedgerEntry[],
  of: Pick<LedgerEntry, 'id'>,
): Promise<number> {
  const replays = entries.filter(({ replayOf }) => replayOf === of.id);
  for (const replay of replays) await dropReplay(store, plan, replay);
  return replays.length;
}
