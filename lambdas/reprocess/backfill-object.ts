import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ledgerKey } from '../../core/lake/keys.ts';
import { handOver } from '../../core/lake/large-objects.ts';
import { type DataFile, erasedOf, type LedgerEntry } from '../../core/lake/ledger.ts';
import { replaceEntry } from '../../core/lake/put-entry.ts';
import { readEntry } from '../../core/lake/read-ledger.ts';
import type { BackfilledObject, Outcome } from '../../core/lake/reprocessing.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import { sweepObject } from '../../core/lake/sweep-processed.ts';
import type { OnProgress } from '../../core/ports.ts';
import { type Converted, convertToParts, putConverted } from '../convert/convert-object.ts';
import { RefusedObject } from '../convert/refused-object.ts';
import { isTooLarge } from '../convert/size-limit.ts';
import type { ReprocessPorts } from './reprocess-ports.ts';

/**
 * Converts an object again from raw/ and lets the outcome replace its entry, where it differs; then its old files are
 * removed. The bytes it came as, the time it came at and so the ids of its rows stay. Doing it again changes nothing.
 */
export async function backfillObject(
  ports: ReprocessPorts,
  { dataset, id }: Pick<LedgerEntry, 'dataset' | 'id'>,
  onProgress?: OnProgress,
): Promise<BackfilledObject> {
  const { store, plan, pathOf } = ports;
  // The etag first: an entry that changes after it makes the put fail.
  const etag = (await store.head('processed', ledgerKey(dataset, id)))?.etag;
  const entry = await readEntry(store, dataset, id);
  if (etag === undefined || entry === undefined) throw new Error(`the ledger entry ${id} was removed; run again`);
  const { rawKey } = entry;
  if (rawKey !== undefined && (await handedOver(ports, entry, rawKey))) return reported(entry, 'handed over');
  return ports.withFolder(async (folder) => {
    const path = rawKey === undefined ? undefined : await pathOf('raw', rawKey, folder);
    if (path === undefined) return reported(entry, 'raw file expired', `raw/${rawKey ?? ''} is not there any more`);
    if ((await checksumOf(path)) !== (entry.erasures?.at(-1)?.rawChecksum ?? entry.id))
      return reported(entry, 'raw file changed', `raw/${rawKey} has other bytes than were taken in`);
    try {
      const converted = await convertAgain(ports, entry, { path, scratch: folder, onProgress });
      const isSame = await isSameAs(ports, entry, converted, folder);
      const standing = isSame ? entry : await putAgain(ports, entry, converted);
      if (!isSame) await replaceEntry(store, standing, etag);
      await sweepObject(store, plan, standing);
      return reported(standing, isSame ? 'unchanged' : 'replaced');
    } catch (error) {
      if (!(error instanceof RefusedObject)) throw error;
      return reported(entry, 'refused by the rules of today', error.message);
    }
  });
}

async function handedOver(
  { store, plan, mostBytes }: ReprocessPorts,
  entry: LedgerEntry,
  rawKey: string,
): Promise<boolean> {
  if (mostBytes === undefined) return false;
  const raw = await store.head('raw', rawKey);
  if (raw === undefined || !(await isTooLarge(store, raw, mostBytes))) return false;
  await handOver(store, plan.name, raw, entry);
  return true;
}

async function putAgain(ports: ReprocessPorts, standing: LedgerEntry, converted: Converted) {
  const entry = await putConverted(ports, converted, (standing.revision ?? 0) + 1);
  return { ...entry, ...erasedOf(standing) };
}

async function convertAgain(
  { plan, loadPseudonymKey }: ReprocessPorts,
  entry: LedgerEntry,
  place: { readonly path: string; readonly scratch: string; readonly onProgress: OnProgress | undefined },
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
      pseudonymKey: await loadPseudonymKey(),
      ...(rawKey === undefined ? {} : { rawKey }),
    },
    place.scratch,
  );
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether an entry says what was found again, and its files hold the same rows: their order and packing may differ. */
async function isSameAs(
  { pathOf, withEngine }: ReprocessPorts,
  entry: LedgerEntry,
  { facts, ...parts }: Converted,
  folder: string,
): Promise<boolean> {
  const { files, rejectedFiles, revision, erasedRows, erasures, ...standing } = entry;
  if (!isDeepStrictEqual(standing, facts)) return false;
  const lying = async (zone: 'processed' | 'rejected', list: readonly DataFile[]) => {
    const paths: string[] = [];
    for (const { key } of list) {
      const path = await pathOf(zone, key, folder);
      if (path === undefined) return undefined;
      paths.push(path);
    }
    return paths;
  };
  const [stored, rejected] = [await lying('processed', files), await lying('rejected', rejectedFiles)];
  if (stored === undefined || rejected === undefined) return false;
  return withEngine(folder, async (connection) => {
    const same = async (ours: readonly string[], theirs: readonly { readonly path: string }[]) =>
      (await contentOf(connection, ours)) ===
      (await contentOf(
        connection,
        theirs.map(({ path }) => path),
      ));
    return (await same(stored, parts.files)) && (await same(rejected, parts.rejectedFiles));
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
