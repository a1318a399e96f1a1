import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { NoSuchObject, type ObjectInfo, type ObjectStore } from '../../core/ports.ts';
import { convertObject } from './convert-object.ts';
import { RefusedObject } from './refused-object.ts';

/** A batch of SQS messages, each a notification of S3, as far as it is read here. */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The messages that are to come again. */
export interface QueueResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What became of an object. */
export type ConvertReport =
  | { readonly outcome: 'converted'; readonly rawKey: string; readonly entry: LedgerEntry }
  /** It will never be taken in: it is no table of the dataset. */
  | { readonly outcome: 'refused'; readonly rawKey: string; readonly message: string }
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
  /** Told of every object. */
  readonly report: (done: ConvertReport) => void;
}

/** Where it is written that an object was refused, and why: `_refused/<dataset>/<checksum>.json` in processed/. */
export function refusalKey(dataset: string, checksum: string): string {
  return `_refused/${dataset}/${checksum}.json`;
}

/**
 * Converts the objects that a batch of messages tells of, one after the other. The first folder of a key in raw/ is
 * the name of the dataset.
 *
 * Only messages whose objects failed come again. An object that is refused does not: trying again would not help.
 */
export function convertEvents(ports: ConvertPorts): (event: QueueEvent) => Promise<QueueResponse> {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        for (const key of objectKeys(body)) await convertKey(ports, key);
      } catch {
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}

/** Keys of the objects that a notification tells of; a test message of S3 has none. */
export function objectKeys(body: string): string[] {
  const { Records = [] } = JSON.parse(body) as { readonly Records?: readonly S3Record[] };
  // S3 writes keys as in a query: a space is a plus.
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
}

interface S3Record {
  readonly s3: { readonly object: { readonly key: string } };
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
  const { store, datasetNamed, loadPseudonymKey } = ports;
  const plan = datasetNamed(key.split('/')[0] ?? '');
  const path = join(scratch, 'source');
  const download = await fetchObject(store, key, path);
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

/** Writes an object to a file and hashes it on the way; undefined where it is not there any more. */
async function fetchObject(
  store: ObjectStore,
  key: string,
  path: string,
): Promise<{ readonly info: ObjectInfo; readonly checksum: string } | undefined> {
  try {
    const { info, body } = await store.get('raw', key);
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(body, hashing, createWriteStream(path));
    return { info, checksum: hash.digest('hex') };
  } catch (error) {
    if (error instanceof NoSuchObject) return undefined;
    throw error;
  }
}
