import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import { ledgerKey } from '../core/lake/keys.ts';
import type { Counts, LedgerEntry } from '../core/lake/ledger.ts';
import { replaceEntry } from '../core/lake/put-entry.ts';
import { readEntry } from '../core/lake/read-ledger.ts';
import { pathText } from '../core/lake/settle-sql.ts';
import type { OnProgress } from '../core/ports.ts';
import { type Converted, convertToParts, putConverted } from '../lambdas/convert/convert-object.ts';
import { RefusedObject } from '../lambdas/convert/refused-object.ts';
import type { FileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';
import { withEngine } from './with-engine.ts';

/** What became of an object: the last three stay as they are. */
export type Outcome =
  | 'replaced'
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

export interface BackfillWork {
  readonly store: FileStore;
  readonly plan: DatasetPlan;
  readonly pseudonymKey: PseudonymKey;
}

/**
 * Converts an object again from raw/ and lets the outcome replace its entry, where it differs. The bytes it came as,
 * the time it came at and so the ids of its rows stay. Files of the entry before stay too: nothing names them any more.
 */
export async function backfillObject(
  work: BackfillWork,
  listed: LedgerEntry,
  onProgress: OnProgress,
): Promise<BackfilledObject> {
  const { store } = work;
  // The etag first: an entry that changes after it makes the put fail.
  const etag = (await store.head('processed', ledgerKey(listed.dataset, listed.id)))?.etag;
  const entry = await readEntry(store, listed.dataset, listed.id);
  if (etag === undefined || entry === undefined)
    throw new Error(`the ledger entry ${listed.id} was removed; run again`);
  const path = await pathInRaw(store, entry);
  if (path === undefined) return reported(entry, 'raw file expired', `raw/${entry.rawKey ?? ''} is not there any more`);
  if ((await checksumOf(path)) !== entry.id)
    return reported(entry, 'raw file changed', `raw/${entry.rawKey} has other bytes than were taken in`);
  return inLake(store.root, async () => {
    const scratch = await store.scratch.folder('backfill');
    try {
      const converted = await convertAgain(work, entry, { path, scratch, onProgress });
      if (await isSame(store, entry, converted)) return reported(entry, 'unchanged');
      const next = await putConverted(work, converted, (entry.revision ?? 0) + 1);
      await replaceEntry(store, next, etag);
      return reported(next, 'replaced');
    } catch (error) {
      if (!(error instanceof RefusedObject)) throw error;
      return reported(entry, 'refused by the rules of today', error.message);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

function convertAgain(
  { plan, pseudonymKey }: BackfillWork,
  entry: LedgerEntry,
  place: { readonly path: string; readonly scratch: string; readonly onProgress: OnProgress },
): Promise<Converted> {
  const { id: checksum, name, rawKey, sizeBytes, receivedAt } = entry;
  return convertToParts(
    {
      ...place,
      plan,
      checksum,
      name,
      sizeBytes,
      receivedAt: new Date(receivedAt),
      pseudonymKey,
      ...(rawKey === undefined ? {} : { rawKey }),
    },
    place.scratch,
  );
}

async function pathInRaw(store: FileStore, { rawKey }: LedgerEntry): Promise<string | undefined> {
  if (rawKey === undefined || (await store.head('raw', rawKey)) === undefined) return undefined;
  return store.pathOf('raw', rawKey);
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether an entry says what was found again, and its files hold the same rows: their order and packing may differ. */
async function isSame(store: FileStore, entry: LedgerEntry, { facts, ...parts }: Converted): Promise<boolean> {
  const { files, rejectedFiles, revision, ...standing } = entry;
  if (!isDeepStrictEqual(standing, facts)) return false;
  const lying = [...files, ...rejectedFiles];
  const zones = [files.map(() => 'processed' as const), rejectedFiles.map(() => 'rejected' as const)].flat();
  const heads = await Promise.all(lying.map(({ key }, at) => store.head(zones[at] ?? 'processed', key)));
  if (heads.includes(undefined)) return false;
  return withEngine(store, async (connection) => {
    const same = async (ours: readonly string[], theirs: readonly { readonly path: string }[]) =>
      (await contentOf(connection, ours)) ===
      (await contentOf(
        connection,
        theirs.map(({ path }) => path),
      ));
    const paths = (zone: 'processed' | 'rejected', list: typeof files) =>
      list.map(({ key }) => store.pathOf(zone, key));
    return (
      (await same(paths('processed', files), parts.files)) &&
      (await same(paths('rejected', rejectedFiles), parts.rejectedFiles))
    );
  });
}

/** The columns of Parquet files, their rows, and the sum of the rows' hashes of 64 bits: the order does not matter. */
async function contentOf(connection: DuckDBConnection, paths: readonly string[]): Promise<string> {
  if (paths.length === 0) return '';
  const all = `read_parquet([${paths.map(pathText).join(', ')}], hive_partitioning = false)`;
  const columns = await connection.runAndReadAll(`select column_name, column_type from (describe from ${all})`);
  const rows = await connection.runAndReadAll(`select count(*), sum(hash(t)) from ${all} as t`);
  return JSON.stringify([columns.getRowsJson(), rows.getRowsJson()]);
}

function reported(entry: LedgerEntry, outcome: Outcome, why?: string): BackfilledObject {
  const { id, name, ingestDate: day, rowsIn, accepted, rejected, duplicates } = entry;
  return { id, name, day, outcome, ...(why === undefined ? {} : { why }), rowsIn, accepted, rejected, duplicates };
}
