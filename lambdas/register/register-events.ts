import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { DELIVERED } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { streamEntry } from '../../core/lake/stream-entry.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { openDuckDB } from '../shared/duckdb.ts';
import { fetchObject } from '../shared/fetch-object.ts';
import { eachObject, type QueueEvent, type QueueResponse } from '../shared/queue-events.ts';
import { describeDelivered } from './describe-delivered.ts';

export interface RegisterPorts {
  readonly store: ObjectStore;
  readonly datasetNamed: (name: string) => DatasetPlan;
  /** An existing folder for temporary files. */
  readonly scratch: string;
  /** Told of every file. */
  readonly report: (done: { readonly key: string; readonly entry?: LedgerEntry; readonly message?: string }) => void;
}

/** Memory of the engine [MiB]: it counts one file of at most 128 MiB. */
const MEMORY_MIB = 512;

/**
 * Enters the files that Firehose delivered into the ledger, which makes them visible to readers. The id of an entry is
 * the SHA-256 of the file, so a file that is told of twice has one entry.
 */
export function registerEvents(ports: RegisterPorts): (event: QueueEvent) => Promise<QueueResponse> {
  return eachObject(async (key) => {
    // The queue tells of the streams' files alone; whatever else comes is named in an entry by who wrote it.
    if (!key.endsWith(DELIVERED)) return;
    const scratch = await mkdtemp(join(ports.scratch, 'delivered-'));
    try {
      ports.report({ key, ...(await registerFile(ports, key, scratch)) });
    } catch (error) {
      ports.report({ key, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

async function registerFile({ store, datasetNamed }: RegisterPorts, key: string, scratch: string) {
  const plan = datasetNamed(key.split('/')[0] ?? '');
  const path = join(scratch, 'rows.parquet');
  const download = await fetchObject(store, 'processed', key, path);
  if (download === undefined) return { message: 'it was removed before it was read' };
  const { info, checksum } = download;
  const engine = await openDuckDB({ threads: 1, memoryLimitMiB: MEMORY_MIB, scratch });
  try {
    const delivered = await describeDelivered(await engine.connect(), plan, path);
    const entry = streamEntry({
      plan,
      id: checksum,
      name: `stream file ${key.split('/').at(-1)}`,
      sizeBytes: info.sizeBytes,
      ...delivered,
      rejectedByReason: {},
      files: [{ key, rows: delivered.rows, sizeBytes: info.sizeBytes }],
      rejectedFiles: [],
    });
    return { entry: await putEntry(store, entry) };
  } finally {
    await engine.close();
  }
}
