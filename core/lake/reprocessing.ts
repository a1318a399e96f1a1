/** Processing what the ledger has again: a backfill of days, or a replay of rejected rows. */
import type { ObjectStore } from '../ports.ts';
import type { Counts, LedgerEntry } from './ledger.ts';
import { readJson } from './read-object.ts';

/** What became of an object: the last three stay as they are. */
export type Outcome =
  | 'replaced'
  /** Too large for a function: the Spark job of the same run makes a new revision of it. */
  | 'handed over'
  | 'unchanged'
  | 'raw file expired'
  | 'raw file changed'
  | 'refused by the rules of today';

/** An object that was processed again, with the counts that stand now. */
export interface BackfilledObject extends Counts {
  readonly id: string;
  readonly name: string;
  readonly day: string;
  readonly outcome: Outcome;
  /** Why it was left as it is. */
  readonly why?: string;
}

/** What a machine is asked to do beside curating. */
export type Asked =
  /** Days (`2026-01-31`, UTC), both included. */
  { readonly backfill: { readonly from: string; readonly to: string } } | { readonly replay: true };

/** Ids of entries that are worked on together, in the order of their arrival. */
export interface ReprocessOrder {
  readonly mode: 'backfill' | 'replay';
  readonly batches: readonly (readonly string[])[];
}

/** What a batch came to. Of a replay, the counts are of the rejected rows that were tried. */
export interface ReprocessedBatch extends Counts {
  readonly objects: number;
  /** Objects of which something is different now. */
  readonly changed: number;
  /** Objects, or of a replay rows, that could not be tried. */
  readonly untried: number;
  readonly replaysDropped: number;
}

/** Bounds of a batch: one function works on it, within fifteen minutes. */
const BATCH = { objects: 50, bytes: 256 * 1024 * 1024 };

/** What can be backfilled of a range of days: what came as an object. */
export function entriesToBackfill(
  entries: readonly LedgerEntry[],
  { from, to }: { readonly from: string; readonly to: string },
): LedgerEntry[] {
  return entries
    .filter(({ ingestDate }) => from <= ingestDate && ingestDate <= to)
    .filter(({ source, replayOf }) => source === 'batch' && replayOf === undefined)
    .sort(byArrival);
}

export function entriesToReplay(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return entries.filter(({ rejected }) => rejected > 0).sort(byArrival);
}

/** Cuts entries into batches; a larger one than a batch may be stands alone. */
export function batchesOf(entries: readonly LedgerEntry[]): string[][] {
  const batches: string[][] = [];
  let last: string[] = [];
  let bytes = 0;
  for (const { id, sizeBytes } of entries) {
    if (last.length === 0 || last.length === BATCH.objects || bytes + sizeBytes > BATCH.bytes) {
      last = [];
      bytes = 0;
      batches.push(last);
    }
    last.push(id);
    bytes += sizeBytes;
  }
  return batches;
}

/** A document of a run about what was processed again: its order, or what a batch came to. */
export function reprocessKey(run: string, document: 'order' | number): string {
  const name = document === 'order' ? document : `batch-${String(document).padStart(5, '0')}`;
  return `${reprocessPrefix(run)}${name}.json`;
}

/** What all batches of a run came to; undefined where there was none. */
export async function readReprocessed(store: ObjectStore, run: string): Promise<ReprocessedBatch | undefined> {
  const batches: ReprocessedBatch[] = [];
  for await (const { key } of store.list('curated', `${reprocessPrefix(run)}batch-`)) {
    batches.push((await readJson(store, 'curated', key)) as ReprocessedBatch);
  }
  const [first, ...rest] = batches;
  return first && rest.reduce(addBatches, first);
}

export function addBatches(a: ReprocessedBatch, b: ReprocessedBatch): ReprocessedBatch {
  return {
    objects: a.objects + b.objects,
    changed: a.changed + b.changed,
    untried: a.untried + b.untried,
    replaysDropped: a.replaysDropped + b.replaysDropped,
    rowsIn: a.rowsIn + b.rowsIn,
    accepted: a.accepted + b.accepted,
    rejected: a.rejected + b.rejected,
    duplicates: a.duplicates + b.duplicates,
  };
}

export const NOTHING_REPROCESSED: ReprocessedBatch = {
  objects: 0,
  changed: 0,
  untried: 0,
  replaysDropped: 0,
  rowsIn: 0,
  accepted: 0,
  rejected: 0,
  duplicates: 0,
};

function reprocessPrefix(run: string): string {
  return `_runs/${run}/_reprocess/`;
}

function byArrival(a: LedgerEntry, b: LedgerEntry): number {
  return `${a.receivedAt} ${a.id}` < `${b.receivedAt} ${b.id}` ? -1 : 1;
}
