import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import type { Zone } from '../../core/ports.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { type ConvertReport, convertEvents } from '../../lambdas/convert/convert-events.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { TEST_KEY } from '../convert-input.ts';
import { type Moto, startMoto } from '../moto.ts';
import { writeBookings } from './booking-files.ts';
import { messageOf } from './notification.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';

/** Rows of the object that every lake here is given. */
export const ROWS = 400;
export const KEY = 'bookings/source.csv';

/** S3 with a proxy before it. The raw bucket is one and holds an object; each case has further buckets of its own. */
export interface S3World {
  readonly moto: Moto;
  readonly proxy: S3Proxy;
  /** A lake over the one raw bucket. */
  lake(): Promise<S3Lake>;
  stop(): Promise<void>;
}

export interface S3Lake {
  /** Bucket of each zone. */
  readonly buckets: Readonly<Record<Zone, string>>;
  /** Delivers messages once, as SQS does, with the proxy between. */
  deliver(messages: readonly { readonly messageId: string; readonly body: string }[]): Promise<Delivery>;
  /** Delivers a message again and again until it has been taken. Throws where five times are not enough. */
  deliverUntilTaken(key?: string): Promise<Delivery[]>;
  /** What readers see, and every key; read without the proxy. Throws where a named file is not whole. */
  state(): Promise<S3State>;
}

export interface Delivery {
  readonly failures: readonly string[];
  readonly reports: readonly ConvertReport[];
}

export interface S3State {
  readonly entries: readonly string[];
  /** Key and SHA-256 of every object of processed/ and rejected/. */
  readonly objects: readonly string[];
}

/** The SDK warns of each put that it cannot try again by itself. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export async function startS3World(): Promise<S3World> {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-s3-faults-'));
  const moto = await startMoto();
  const proxy = await startS3Proxy(moto.settings.endpoint);
  const client = new S3Client({ ...moto.settings, endpoint: proxy.endpoint, forcePathStyle: true, logger: SILENT });
  let lakes = 0;
  const bucket = async (Bucket: string) => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-3' as const };
    await moto.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    return Bucket;
  };
  const raw = await bucket('lake-raw');
  const source = join(folder, 'source.csv');
  await writeBookings(source, ROWS, 11);
  const buckets = { raw, processed: raw, curated: raw, rejected: raw };
  await new S3ObjectStore(buckets, moto.s3).put('raw', KEY, await readFile(source));
  return {
    moto,
    proxy,
    async lake() {
      const name = `lake-${lakes++}`;
      const own = { raw, processed: await bucket(`${name}-processed`), rejected: await bucket(`${name}-rejected`) };
      return lakeOver({ ...own, curated: raw }, client, moto.s3, folder);
    },
    async stop() {
      proxy.stop();
      moto.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function lakeOver(buckets: S3Lake['buckets'], client: S3Client, direct: S3Client, scratch: string): S3Lake {
  const lake: S3Lake = {
    buckets,
    async deliver(messages) {
      const reports: ConvertReport[] = [];
      const store = new S3ObjectStore(buckets, client);
      const loadPseudonymKey = async () => TEST_KEY;
      const handle = convertEvents({
        store,
        datasetNamed,
        loadPseudonymKey,
        scratch,
        report: (done) => reports.push(done),
      });
      const { batchItemFailures } = await handle({ Records: messages });
      return { failures: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), reports };
    },
    async deliverUntilTaken(key = KEY) {
      const deliveries: Delivery[] = [];
      for (let time = 0; time < 5; time += 1) {
        const delivery = await lake.deliver([messageOf(key)]);
        deliveries.push(delivery);
        if (delivery.failures.length === 0) return deliveries;
        await expectSeen(delivery);
      }
      throw new Error(`the message was not taken in five deliveries: ${JSON.stringify(deliveries)}`);
    },
    state: () => stateOf(new S3ObjectStore(buckets, direct)),
  };
  return lake;
}

/** A delivery that failed says so twice: to the queue and in the log, by a sentence. */
export async function expectSeen({ failures, reports }: Delivery): Promise<void> {
  expect(failures.length).toBeGreaterThan(0);
  const failed = reports.flatMap((report) => (report.outcome === 'failed' ? [report.message] : []));
  expect(failed).toHaveLength(failures.length);
  for (const message of failed) expect(message).toMatch(/\w{3}/);
}

async function stateOf(store: S3ObjectStore): Promise<S3State> {
  const objects: string[] = [];
  const sizes = new Map<string, number>();
  for (const zone of ['processed', 'rejected'] as const) {
    for await (const { key } of store.list(zone, '')) {
      const bytes = Buffer.concat(await (await store.get(zone, key)).body.toArray());
      sizes.set(`${zone}/${key}`, bytes.length);
      objects.push(`${zone}/${key} ${createHash('sha256').update(bytes).digest('hex')}`);
    }
  }
  const entries = await listEntries(store, 'bookings');
  const named = [
    ...visibleFiles(entries).map((file) => ({ ...file, zone: 'processed' })),
    ...visibleRejectedFiles(entries).map((file) => ({ ...file, zone: 'rejected' })),
  ];
  for (const { zone, key, sizeBytes } of named) {
    const found = sizes.get(`${zone}/${key}`);
    if (found !== sizeBytes) throw new Error(`${zone}/${key} has ${found} bytes, the ledger says ${sizeBytes}`);
  }
  return { entries: entries.map((entry) => JSON.stringify(entry)), objects };
}
