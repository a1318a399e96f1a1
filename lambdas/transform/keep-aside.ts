import { createHash } from 'node:crypto';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import type { CleanRow } from '../../core/etl/encode-row.ts';
import type { FirehoseEvent } from '../../core/etl/envelope.ts';
import type { TransformedBatch } from '../../core/etl/transform-batch.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { readEntry } from '../../core/lake/read-ledger.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import { streamEntry } from '../../core/lake/stream-entry.ts';
import { summariseKeys } from '../../core/lake/summarise-keys.ts';
import type { ObjectStore, Zone } from '../../core/ports.ts';

/**
 * Writes what the answer to a batch does not hold, its rejected rows and the good rows for which it had no room:
 * first the data, then one ledger entry that names it. A batch that is answered whole leaves no trace here.
 *
 * The entry and the files bear the fingerprint of the batch, so that a batch that Firehose sends again, after whatever
 * failure, has one effect. Throws what the store throws: Firehose then sends the batch again.
 */
export async function keepAside(
  store: ObjectStore,
  plan: DatasetPlan,
  event: FirehoseEvent,
  { rejections, overflow }: TransformedBatch,
): Promise<LedgerEntry | undefined> {
  const rejected = rejections.map((rejection): CleanRow => ({ ...rejection }));
  const received = [...rejected, ...overflow].map((row) => String(row.ingested_at));
  if (received.length === 0) return undefined;
  const id = fingerprint(event);
  // Files that an entry names are never written again, not even with the same rows.
  const earlier = await readEntry(store, plan.name, id);
  if (earlier !== undefined) return earlier;
  const rejectedFiles = await putRows(store, { zone: 'rejected', plan: rejectionsPlan, rows: rejected }, plan, id);
  const files = await putRows(store, { zone: 'processed', plan, rows: overflow }, plan, id);
  const entry = streamEntry({
    plan,
    id,
    name: `batch of ${event.records.length} records`,
    sizeBytes: event.records.reduce((sum, { data }) => sum + (data?.length ?? 0), 0),
    receivedAt: received.reduce((first, next) => (next < first ? next : first)),
    rows: overflow.length,
    ...summariseKeys(plan, overflow),
    sources: [...new Set(overflow.flatMap(({ source_checksum: source }) => (source ? [String(source)] : [])))].sort(),
    rejectedByReason: countBy(rejections, ({ reason }) => reason),
    files,
    rejectedFiles,
  });
  return putEntry(store, entry);
}

interface RowsToPut {
  readonly zone: Zone;
  /** Contract of the rows. */
  readonly plan: DatasetPlan;
  readonly rows: readonly CleanRow[];
}

/** One file for each day on which rows came: all of a batch come within minutes, so there is one, or two at midnight. */
async function putRows(store: ObjectStore, { zone, plan, rows }: RowsToPut, dataset: DatasetPlan, id: string) {
  const files: DataFile[] = [];
  for (const day of new Set(rows.map(dayOf))) {
    const ofDay = rows.filter((row) => dayOf(row) === day);
    const key = dataKey(dataset.name, dataset.partitionBy, day, id, files.length);
    const { sizeBytes } = await store.put(zone, key, toParquet(plan, ofDay));
    files.push({ key, rows: ofDay.length, sizeBytes });
  }
  return files;
}

function dayOf(row: CleanRow): string {
  return String(row.ingested_at).slice(0, 10);
}

/** SHA-256 of a batch: its ids and its data, each with its length before it. */
export function fingerprint(event: FirehoseEvent): string {
  const hash = createHash('sha256');
  for (const { recordId, data } of event.records) {
    for (const part of [recordId, String(data)]) hash.update(`${part.length} `).update(part).update('\n');
  }
  return hash.digest('hex');
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
