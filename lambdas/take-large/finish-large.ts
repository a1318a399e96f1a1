import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConvertOrder, type ConvertResult, convertedEntry } from '../../core/contract/convert-definition.ts';
import { ledgerKey } from '../../core/lake/keys.ts';
import { framesPrefix, type LargeObject, largeKey, largePrefix, refusedPrefix } from '../../core/lake/large-objects.ts';
import { type DataFile, erasedOf, type LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry, replaceEntry } from '../../core/lake/put-entry.ts';
import { listEntries, readEntry } from '../../core/lake/read-ledger.ts';
import { readJson } from '../../core/lake/read-object.ts';
import { dropReplay, sweepObject } from '../../core/lake/sweep-processed.ts';
import type { Zone } from '../../core/ports.ts';
import { fetchObject } from '../shared/fetch-object.ts';
import type { TakePorts } from './frame-large.ts';

/**
 * Enters what the job has made of a large object into the ledger, where there was an order, and forgets the object.
 * Stopped anywhere and done again, it has one effect. Returns the entry that stands.
 */
export async function finishLarge(ports: TakePorts, object: LargeObject): Promise<LedgerEntry | undefined> {
  const { store } = ports;
  const order = (await readJson(store, 'processed', largeKey(object, 'order'))) as ConvertOrder | undefined;
  const entry = order && (await enter(ports, object, order));
  await forget(ports, object);
  return entry;
}

async function enter(ports: TakePorts, object: LargeObject, order: ConvertOrder): Promise<LedgerEntry> {
  const { store, plan } = ports;
  const result = (await readJson(store, 'processed', largeKey(object, 'result'))) as ConvertResult | undefined;
  if (result === undefined) throw new Error(`the job left no result for ${order.name}: run it again`);
  checkBalance(order, result);
  await placeRefused(ports, object, result.rejectedFiles);
  const standing = await entered(ports, convertedEntry(order, result));
  await sweepObject(store, plan, standing);
  return standing;
}

async function entered({ store, plan }: TakePorts, entry: LedgerEntry): Promise<LedgerEntry> {
  if (entry.revision === undefined) return putEntry(store, entry);
  // The etag first: an entry that changes after it makes the put fail.
  const etag = (await store.head('processed', ledgerKey(entry.dataset, entry.id)))?.etag;
  const standing = await readEntry(store, entry.dataset, entry.id);
  if (etag === undefined || standing === undefined) throw new Error(`the ledger entry ${entry.id} was removed`);
  const again = { ...entry, ...erasedOf(standing) };
  const isDone = (standing.revision ?? 0) >= entry.revision;
  if (!isDone) await replaceEntry(store, again, etag);
  // The object was judged by the rules of today, its rejected rows too: what replays added is in it or is wrong.
  const replays = (await listEntries(store, plan.name)).filter(({ replayOf }) => replayOf === entry.id);
  for (const replay of replays) await dropReplay(store, plan, replay);
  return isDone ? standing : again;
}

function checkBalance(order: ConvertOrder, result: ConvertResult): void {
  const { checksum, rowsIn, stored, rejected, files, rejectedFiles } = result;
  const sum = (some: readonly DataFile[]) => some.reduce((rows, file) => rows + file.rows, 0);
  if (checksum !== order.checksum) throw new Error(`the result for ${order.name} is of another object`);
  if (rowsIn !== stored + rejected || sum(files) !== stored || sum(rejectedFiles) !== rejected) {
    throw new Error(
      `${order.name}: ${rowsIn} rows came in, but ${sum(files)} lie stored and ${sum(rejectedFiles)} rejected`,
    );
  }
}

/** Into the zone where they belong, under its own key. */
async function placeRefused(
  { store, scratch }: TakePorts,
  object: LargeObject,
  files: readonly DataFile[],
): Promise<void> {
  for (const { key } of files) {
    const path = join(scratch, `refused-${object.id}`);
    const from = `${refusedPrefix(object)}/${key}`;
    if ((await fetchObject(store, 'processed', from, path)) === undefined) {
      throw new Error(`processed/${from} is not there, which the job's result names`);
    }
    await store.putFile('rejected', key, path);
    await rm(path, { force: true });
  }
}

/** The order first: while it is there, so is all that it names. What says that the object waits goes last. */
async function forget({ store }: TakePorts, object: LargeObject): Promise<void> {
  await store.remove('processed', largeKey(object, 'order'));
  const noted = largeKey(object, 'object');
  const left: (readonly [Zone, string])[] = [];
  for await (const { key } of store.list('raw', framesPrefix(object))) left.push(['raw', key]);
  for await (const { key } of store.list('processed', largePrefix(object))) {
    if (key !== noted) left.push(['processed', key]);
  }
  for (const [zone, key] of left) await store.remove(zone, key);
  await store.remove('processed', noted);
}
