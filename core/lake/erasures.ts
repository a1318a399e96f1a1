/**
 * Erasures of persons' rows. Everything is found and written anew first; then one document, the order, makes the
 * erasure certain: whoever writes to the lake next carries out what is left of it, and needs no identifier for it.
 */
import { Buffer } from 'node:buffer';
import { type ObjectStore, PreconditionFailed, ZONES, type Zone } from '../ports.ts';
import { ledgerKey, safeName } from './keys.ts';
import type { LedgerEntry } from './ledger.ts';
import { replaceEntry } from './put-entry.ts';
import { readEntry } from './read-ledger.ts';
import { readJson } from './read-object.ts';

export interface ZoneKey {
  readonly zone: Zone;
  readonly key: string;
}

/** What an erasure took out of an object. */
export interface ErasedObject {
  /** Id of its ledger entry; absent for an object of raw/ that no entry names. */
  readonly id?: string;
  readonly rows: number;
  /** SHA-256 (hex) of the raw object as it was received, and as it lies since; absent where there is none. */
  readonly rawChecksumBefore?: string;
  readonly rawChecksumAfter?: string;
}

/** What an erasure did. It tells neither the person nor the rows. */
export interface ErasureRecord {
  readonly dataset: string;
  /** Counts up from 1. */
  readonly erasure: number;
  /** ISO, UTC. */
  readonly at: string;
  readonly objects: readonly ErasedObject[];
  /** Rows by where they lay. */
  readonly rows: Readonly<Record<string, number>>;
}

/** An erasure that is certain and not yet carried out. */
export interface ErasureOrder extends ErasureRecord {
  readonly pending: {
    /** Entries that take the place of those of the revision before. */
    readonly entries: readonly LedgerEntry[];
    /** Objects that are written already, and the keys that they take over. */
    readonly moves: readonly (ZoneKey & { readonly to: string })[];
    /** Objects that go, once the entries stand. */
    readonly removes: readonly ZoneKey[];
  };
}

/** Folder of a dataset's orders and records, in processed/. */
export function erasuresPrefix(dataset: string): string {
  return `_erasures/${dataset}/`;
}

/** Where an object is kept in its zone that is to take over another key. */
export function stagedKey(dataset: string, erasure: number, part: number): string {
  return `${stagedPrefix(dataset, erasure)}${String(part).padStart(5, '0')}`;
}

/** What is left of a raw object; no notification is sent for this folder, so that it is not taken in as a new one. */
export function erasedRawKey(
  dataset: string,
  { id, name }: Pick<LedgerEntry, 'id' | 'name'>,
  revision: number,
): string {
  return `${erasedRawPrefix(dataset)}${id}/${revision}-${safeName(name)}`;
}

export function erasedRawPrefix(dataset: string): string {
  return `_erased/${dataset}/`;
}

/** Every erasure of a dataset, carried out or not, oldest first. */
export async function listErasures(store: ObjectStore, dataset: string): Promise<(ErasureRecord | ErasureOrder)[]> {
  const found: (ErasureRecord | ErasureOrder)[] = [];
  for await (const { key } of store.list('processed', erasuresPrefix(dataset))) {
    if (key.endsWith('.json')) found.push((await readJson(store, 'processed', key)) as ErasureRecord);
  }
  return found;
}

export async function pendingErasures(store: ObjectStore, dataset: string): Promise<ErasureOrder[]> {
  return (await listErasures(store, dataset)).filter((one) => 'pending' in one);
}

/** Makes an erasure certain. Throws `PreconditionFailed` where another of this number is. */
export async function putErasureOrder(store: ObjectStore, order: ErasureOrder): Promise<void> {
  await store.put('processed', documentKey(order), text(order), { ifNoneMatch: '*' });
}

/**
 * Carries out what is certain, but for what the curated tables show: for each object its readers see the entry before
 * or the one after. Doing it again changes nothing. To be called by whoever writes, before anything else.
 */
export async function applyErasures(store: ObjectStore, { name }: { readonly name: string }): Promise<void> {
  for (const { pending } of await pendingErasures(store, name)) {
    for (const entry of pending.entries) await takePlace(store, entry);
    for (const { zone, key, to } of pending.moves) await move(store, zone, key, to);
    for (const { zone, key } of pending.removes) await store.remove(zone, key);
  }
}

/** Turns orders into records. To be called once the curated tables hold nothing of what was erased. */
export async function settleErasures(store: ObjectStore, { name }: { readonly name: string }): Promise<void> {
  for (const order of await pendingErasures(store, name)) {
    const { pending, ...record } = order;
    await store.put('processed', documentKey(order), text(record));
  }
}

async function takePlace(store: ObjectStore, entry: LedgerEntry): Promise<void> {
  // The etag first: an entry that changes after it makes the put fail.
  const etag = (await store.head('processed', ledgerKey(entry.dataset, entry.id)))?.etag;
  const standing = await readEntry(store, entry.dataset, entry.id);
  if (etag === undefined || standing?.revision === entry.revision) return;
  if ((standing?.revision ?? 0) + 1 !== entry.revision)
    throw new PreconditionFailed(`the entry ${entry.id} was changed while rows of it were erased; erase again`);
  await replaceEntry(store, entry, etag);
}

async function move(store: ObjectStore, zone: Zone, key: string, to: string): Promise<void> {
  if ((await store.head(zone, key)) === undefined) return;
  const { body } = await store.get(zone, key);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  await store.put(zone, to, Buffer.concat(chunks));
  await store.remove(zone, key);
}

/** Objects that erasures have written and nothing names: what is left where one was stopped before it was certain. */
export async function* stagedObjects(store: ObjectStore, dataset: string): AsyncGenerator<ZoneKey> {
  for (const zone of ZONES) {
    for await (const { key } of store.list(zone, erasuresPrefix(dataset))) {
      if (!key.endsWith('.json')) yield { zone, key };
    }
  }
}

function stagedPrefix(dataset: string, erasure: number): string {
  return `${erasuresPrefix(dataset)}${numbered(erasure)}/`;
}

function documentKey({ dataset, erasure }: ErasureRecord): string {
  return `${erasuresPrefix(dataset)}${numbered(erasure)}.json`;
}

function numbered(erasure: number): string {
  return String(erasure).padStart(8, '0');
}

function text(document: object): string {
  return `${JSON.stringify(document)}\n`;
}
