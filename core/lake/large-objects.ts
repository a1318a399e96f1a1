/**
 * Objects that are too large for one function. Whoever is told of one hands it over; the machine of its dataset takes it
 * in with Spark. What is waiting, and what was done about it, lies under `_large/` in processed/, a folder an object.
 */
import { createHash } from 'node:crypto';
import { type ObjectInfo, type ObjectStore, PreconditionFailed } from '../ports.ts';
import type { LedgerEntry } from './ledger.ts';
import { readJson } from './read-object.ts';

/** An object of raw/ that was handed over. */
export interface LargeObject {
  /** Of the key and the etag: the same object is handed over once, however often one is told of it. */
  readonly id: string;
  readonly dataset: string;
  readonly rawKey: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** When it was received; `ingested_at` of every row. */
  readonly receivedAt: string;
  /** Where the ledger has it: the revision that a backfill is to make of it. */
  readonly again?: Again;
}

/** What stays of an entry whose rows are made again. */
export interface Again extends Pick<LedgerEntry, 'name' | 'sizeBytes'> {
  /** Of the object as it came; the rows' ids are made of it. */
  readonly checksum: string;
  /** Of what lies in raw/ since something was erased of it. */
  readonly rawChecksum: string;
  readonly revision: number;
}

/** `object` is what was handed over, `order` what the job is to do, `result` what it did. */
export type LargeDocument = 'object' | 'order' | 'result';

type Place = Pick<LargeObject, 'dataset' | 'id'>;

/** Notes an object of raw/ as waiting, once; `entry` where the ledger has it and its rows are to be made again. */
export async function handOver(
  store: ObjectStore,
  dataset: string,
  { key: rawKey, etag, sizeBytes, lastModified }: ObjectInfo,
  entry?: LedgerEntry,
): Promise<void> {
  const again = entry && againOf(entry);
  const id = createHash('sha256')
    .update(JSON.stringify([rawKey, etag, again?.revision ?? 0]))
    .digest('hex')
    .slice(0, 32);
  const receivedAt = entry?.receivedAt ?? lastModified.toISOString();
  const object: LargeObject = { id, dataset, rawKey, etag, sizeBytes, receivedAt, ...(again && { again }) };
  try {
    await store.put('processed', largeKey(object, 'object'), textOf(object), { ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
  }
}

function againOf({ id: checksum, name, sizeBytes, revision = 0, erasures }: LedgerEntry): Again {
  const rawChecksum = erasures?.at(-1)?.rawChecksum ?? checksum;
  return { checksum, rawChecksum, name, sizeBytes, revision: revision + 1 };
}

/** The objects of a dataset that wait, those that came first before the others. */
export async function waitingObjects(store: ObjectStore, dataset: string): Promise<LargeObject[]> {
  const waiting: LargeObject[] = [];
  for await (const { key } of store.list('processed', `_large/${dataset}/`)) {
    if (!key.endsWith('/object.json')) continue;
    const object = await readJson(store, 'processed', key);
    if (object !== undefined) waiting.push(object as LargeObject);
  }
  return waiting.sort((a, b) => (`${a.receivedAt} ${a.id}` < `${b.receivedAt} ${b.id}` ? -1 : 1));
}

/** What waits under an id; undefined where nothing does any more. */
export async function waitingObject(store: ObjectStore, place: Place): Promise<LargeObject | undefined> {
  return (await readJson(store, 'processed', largeKey(place, 'object'))) as LargeObject | undefined;
}

/** Folder of all that was done about an object, in processed/. */
export function largePrefix({ dataset, id }: Place): string {
  return `_large/${dataset}/${id}/`;
}

/** Key of a document about an object, in processed/. */
export function largeKey(place: Place, document: LargeDocument): string {
  return `${largePrefix(place)}${document}.json`;
}

/** Folder in which the job leaves refused rows, in processed/: it has the key of that zone alone. */
export function refusedPrefix(place: Place): string {
  return `${largePrefix(place)}rejected`;
}

/** Folder of an object's framed lines, in raw/. */
export function framesPrefix({ dataset, id }: Place): string {
  return `_frames/${dataset}/${id}/`;
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
