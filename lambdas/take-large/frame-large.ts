import type { ConvertOrder } from '../../core/contract/convert-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { AddressOf } from '../../core/lake/file-list.ts';
import { refusalKey } from '../../core/lake/keys.ts';
import { framesPrefix, type LargeObject, largeKey, refusedPrefix } from '../../core/lake/large-objects.ts';
import { readEntry } from '../../core/lake/read-ledger.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { type FrameOptions, RefusedObject } from '../convert/frame-source.ts';
import { openObject } from '../shared/open-object.ts';
import { frameObject } from './frame-object.ts';

/**
 * Most bytes of text that are framed. Framing takes a second of CPU for 180 MB (measured), so within fifteen minutes
 * what bounds it is how fast S3 gives and takes: 24 MB a second are enough for this much.
 */
const FRAMED_BYTES = 20 * 1024 ** 3;

export interface TakePorts {
  readonly store: ObjectStore;
  readonly plan: DatasetPlan;
  readonly addressOf: AddressOf;
  /** An existing folder for temporary files. */
  readonly scratch: string;
  readonly framing?: Pick<FrameOptions, 'shardBytes' | 'limits'>;
}

/** What became of a large object before the job. */
export type Framed =
  /** The job is to carry out the order, and to leave refused rows in the other place. */
  | { readonly outcome: 'framed'; readonly order: string; readonly rejected: string }
  /** It will never be taken in: it is no table of the dataset, or too large even so. */
  | { readonly outcome: 'refused'; readonly rawKey: string; readonly message: string }
  /** The ledger has it. */
  | { readonly outcome: 'known' }
  /** It was removed or replaced before it was read; of another one in its place one is told. */
  | { readonly outcome: 'gone' };

/**
 * Makes the order of a large object: its lines are framed into raw/, and the order is put last. Done again, it is the
 * order that stands.
 */
export async function frameLarge(ports: TakePorts, object: LargeObject): Promise<Framed> {
  const { store, plan, addressOf } = ports;
  const orderKey = largeKey(object, 'order');
  const framed: Framed = {
    outcome: 'framed',
    order: addressOf('processed', orderKey),
    rejected: addressOf('processed', refusedPrefix(object)),
  };
  if ((await store.head('processed', orderKey)) !== undefined) return framed;
  try {
    const order = await orderOf(ports, object);
    if (order === undefined) return { outcome: 'gone' };
    if (await isInLedger(store, object, order)) return { outcome: 'known' };
    await store.put('processed', orderKey, `${JSON.stringify(order, null, 2)}\n`);
    return framed;
  } catch (error) {
    if (!(error instanceof RefusedObject)) throw error;
    const { id, rawKey, sizeBytes } = object;
    const refusal = { dataset: plan.name, rawKey, sizeBytes, message: error.message };
    await store.put('processed', refusalKey(plan.name, id), `${JSON.stringify(refusal, null, 2)}\n`);
    return { outcome: 'refused', rawKey, message: error.message };
  }
}

async function orderOf(ports: TakePorts, object: LargeObject): Promise<ConvertOrder | undefined> {
  const { store, plan, scratch, framing } = ports;
  const { rawKey, etag, sizeBytes, receivedAt, again } = object;
  const found = await openObject(store, 'raw', rawKey);
  if (found === undefined) return undefined;
  if (found.info.etag !== etag) {
    found.body.destroy();
    return undefined;
  }
  const order = await frameObject({
    plan,
    source: { sizeBytes, body: found.body },
    name: again?.name ?? rawKey.split('/').at(-1) ?? rawKey,
    rawKey,
    receivedAt,
    store,
    prefix: framesPrefix(object),
    scratch,
    framing: { ...framing, limits: { maxTotalBytes: FRAMED_BYTES, ...framing?.limits } },
  });
  if (again === undefined) return order;
  const { checksum, rawChecksum, revision } = again;
  if (order.checksum !== rawChecksum)
    throw new RefusedObject('other bytes than were taken in: its rows stay as they are');
  return { ...order, checksum, revision, object: { ...order.object, sizeBytes: again.sizeBytes } };
}

async function isInLedger(store: ObjectStore, object: LargeObject, order: ConvertOrder): Promise<boolean> {
  const entry = await readEntry(store, order.dataset, order.checksum);
  return entry !== undefined && (entry.revision ?? 0) >= (object.again?.revision ?? 0);
}
