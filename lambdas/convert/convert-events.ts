import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import { refusalKey } from '../../core/lake/keys.ts';
import { handOver } from '../../core/lake/large-objects.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { fetchObject } from '../shared/fetch-object.ts';
import { eachObject, type QueueEvent, type QueueResponse } from '../shared/queue-events.ts';
import { convertObject } from './convert-object.ts';
import { RefusedObject } from './refused-object.ts';
import { CONVERTED_BYTES, isTooLarge } from './size-limit.ts';

/** What became of an object. */
export type ConvertReport =
  | { readonly outcome: 'converted'; readonly rawKey: string; readonly entry: LedgerEntry }
  /** It will never be taken in: it is no table of the dataset. */
  | { readonly outcome: 'refused'; readonly rawKey: string; readonly message: string }
  /** It is too large for a function: the machine of the dataset takes it in at its next run. */
  | { readonly outcome: 'handed over'; readonly rawKey: string; readonly sizeBytes: number }
  /** It was removed before it was read. */
  | { readonly outcome: 'gone'; readonly rawKey: string }
  /** It comes again. */
  | { readonly outcome: 'failed'; readonly rawKey: string; readonly message: string };

export interface ConvertPorts {
  readonly store: ObjectStore;
  readonly datasetNamed: (name: string) => DatasetPlan;
  readonly loadPseudonymKey: () => Promise<PseudonymKey>;
  /** An existing folder for temporary files. */
  readonly scratch: string;
  /** Objects of more text are handed over. Default `CONVERTED_BYTES`. */
  readonly mostBytes?: number;
  /** Told of every object. */
  readonly report: (done: ConvertReport) => void;
}

/**
 * Converts the objects that a batch of messages tells of, one after the other. The first folder of a key in raw/ is
 * the name of the dataset.
 *
 * Only messages whose objects failed come again. An object that is refused does not: trying again would not help.
 */
export function convertEvents(ports: ConvertPorts): (event: QueueEvent) => Promise<QueueResponse> {
  return eachObject((key) => convertKey(ports, key));
}

async function convertKey(ports: ConvertPorts, key: string): Promise<void> {
  const scratch = await mkdtemp(join(ports.scratch, 'object-'));
  try {
    ports.report(await convertOne(ports, key, scratch));
  } catch (error) {
    ports.report({ outcome: 'failed', rawKey: key, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function convertOne(ports: ConvertPorts, key: string, scratch: string): Promise<ConvertReport> {
  const { store, datasetNamed, loadPseudonymKey, mostBytes = CONVERTED_BYTES } = ports;
  const plan = datasetNamed(key.split('/')[0] ?? '');
  const found = await store.head('raw', key);
  if (found !== undefined && (await isTooLarge(store, found, mostBytes))) {
    await handOver(store, plan.name, found);
    return { outcome: 'handed over', rawKey: key, sizeBytes: found.sizeBytes };
  }
  const path = join(scratch, 'source');
  const download = await fetchObject(store, 'raw', key, path);
  if (download === undefined) return { outcome: 'gone', rawKey: key };
  const { info, checksum } = download;
  try {
    const entry = await convertObject({
      plan,
      path,
      checksum,
      name: key.split('/').at(-1) ?? key,
      rawKey: key,
      sizeBytes: info.sizeBytes,
      // The same each time that the message comes, so that the rows are the same.
      receivedAt: info.lastModified,
      store,
      scratch,
      pseudonymKey: await loadPseudonymKey(),
    });
    return { outcome: 'converted', rawKey: key, entry };
  } catch (error) {
    if (!(error instanceof RefusedObject)) throw error;
    const refusal = { dataset: plan.name, rawKey: key, checksum, sizeBytes: info.sizeBytes, message: error.message };
    await store.put('processed', refusalKey(plan.name, checksum), `${JSON.stringify(refusal, null, 2)}\n`);
    return { outcome: 'refused', rawKey: key, message: error.message };
  }
}
