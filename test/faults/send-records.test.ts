import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { datasetNamed } from '../../datasets/index.ts';
import { curateLake } from '../../local/curate-lake.ts';
import { streamRows } from '../../local/firehose.ts';
import { generateRows } from '../../local/generate-file.ts';
import { packRecords } from '../../local/pack-records.ts';
import { RecordsNotDelivered, type SendInput, sendRecords } from '../../local/send-records.ts';
import { rowsOfFile } from '../../local/stream-file.ts';
import { startMoto } from '../moto.ts';
import { seeded, writeBookings } from './booking-files.ts';
import { type FirehoseFault, startFirehoseProxy } from './firehose-proxy.ts';
import { injected, POINTS } from './injected.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'laketwin-send-'));
const moto = await startMoto();
const proxy = await startFirehoseProxy(moto.settings.endpoint);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const client = { ...moto.settings, endpoint: proxy.endpoint, logger: SILENT };
const now = () => new Date();
let streams = 0;

afterAll(async () => {
  proxy.stop();
  moto.stop();
  await rm(folder, { recursive: true, force: true });
});

test('of a batch that Firehose takes in part, the refused records and no others are sent again', async (context) => {
  const random = seeded(17);
  const rows = bookings(900);
  const { stream, delivered } = await aStream();
  for (let point = 0; point < POINTS; point += 1) {
    const share = random();
    let refused = 0;
    let calls = 0;
    proxy.decide = ({ records }) => {
      calls += 1;
      // Two refusals of the same records, so that what is sent again is refused in part as well.
      if (calls > 2) return undefined;
      const places = Array.from({ length: records }, (_, at) => at).filter(() => random() < share);
      refused += places.length;
      injected(context, places.length > 0 ? 1 : 0);
      return { kind: 'refuse part', refused: new Set(places) };
    };
    const sent = await send(stream, rows);
    expect(await delivered()).toEqual(sorted(rows));
    expect(sent).toMatchObject({ rows: rows.length, resent: refused, maybeTwice: 0 });
  }
});

test('a call that is throttled, or answered by 500 or not at all once it had its effect, loses no row and doubles none', async (context) => {
  const faults: readonly FirehoseFault[] = [
    { kind: 'refuse', status: 503, code: 'ServiceUnavailableException' },
    { kind: 'refuse', status: 400, code: 'ThrottlingException' },
    { kind: 'do and refuse', status: 500, code: 'InternalFailure' },
    { kind: 'do and cut' },
  ];
  const file = join(folder, 'source.csv');
  await writeBookings(file, 400, 17);
  const rows: string[] = [];
  for await (const row of rowsOfFile(file, datasetNamed('bookings'), await mkdtemp(join(folder, 'frame-'))))
    rows.push(row);
  const undisturbed = await curatedOf(rows);
  for (const fault of faults) {
    const { stream, delivered } = await aStream();
    let calls = 0;
    proxy.decide = () => {
      calls += 1;
      return calls === 1 ? fault : undefined;
    };
    const sent = await send(stream, rows);
    injected(context);
    const arrived = await delivered();
    expect([...new Set(arrived)]).toEqual([...new Set(sorted(rows))]);
    const repeats = arrived.length - rows.length;
    expect(repeats).toBe(fault.kind === 'refuse' ? 0 : rows.length);
    expect(sent.maybeTwice).toBe(sent.records);
    const curated = await curatedOf(arrived);
    expect([fault.kind, curated]).toEqual([fault.kind, undisturbed]);
  }
});

test('no call is larger than Firehose takes', async () => {
  const { stream, delivered } = await aStream();
  proxy.decide = () => undefined;
  const before = proxy.calls.length;
  const record = (bytes: number, at: number) => ({
    recordId: `${at}`,
    data: Buffer.alloc(bytes, 'x').toString('base64'),
  });
  const many = Array.from({ length: 1201 }, (_, at) => record(100, at));
  const large = Array.from({ length: 12 }, (_, at) => record(1000 * 1024, at));
  const sent = await sendRecords({ stream, batches: asBatches([many, large]), client });
  expect(sent).toMatchObject({ records: 1213, calls: 6 });
  for (const { records, bytes, largest } of proxy.calls.slice(before)) {
    expect(records).toBeLessThanOrEqual(500);
    expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(largest).toBeLessThanOrEqual(1000 * 1024);
  }
  expect((await delivered()).join('').length).toBe(1201 * 100 + 12 * 1000 * 1024);
});

test('fails with the count of what was not delivered where records are refused each time', async (context) => {
  const rows = bookings(90);
  const { stream, delivered } = await aStream();
  proxy.decide = ({ records }) => {
    injected(context);
    return { kind: 'refuse part', refused: new Set([records - 1]) };
  };
  const error = await send(stream, rows, { tries: 4 }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(RecordsNotDelivered);
  const { message, records, rows: missing, sent } = error as RecordsNotDelivered;
  expect([records, sent.rows + missing]).toEqual([1, 90]);
  expect(message).toMatch(/^could not deliver 1 record with \d+ rows: refused 4 times, as ServiceUnavailable/);
  expect(await delivered()).toHaveLength(sent.rows);
});

test('fails for a record that is larger than Firehose takes, an answer that does not add up and a stream that is not there', async () => {
  const { stream } = await aStream();
  proxy.decide = () => undefined;
  await expect(send(stream, [`{"route":"${'x'.repeat(1000 * 1024)}"}`])).rejects.toThrow(
    /could not deliver 1 record with 1 row: a row has 1024\d{3} bytes, Firehose takes at most 1024000/,
  );
  proxy.decide = () => ({ kind: 'lose a result' });
  await expect(send(stream, bookings(60))).rejects.toThrow(/the answer to 3 records has 2 results/);
  proxy.decide = () => undefined;
  await expect(send('nowhere', bookings(3))).rejects.toThrow(/could not deliver .*: ResourceNotFoundException/);
});

test('the command sends a file to the stream that it is told, and ends with 1 where that fails', async () => {
  const { stream, delivered } = await aStream();
  let isFirst = true;
  proxy.decide = () => {
    const fault: FirehoseFault | undefined = isFirst ? { kind: 'refuse part', refused: new Set([0]) } : undefined;
    isFirst = false;
    return fault;
  };
  const file = join(folder, 'command.csv');
  await writeBookings(file, 200, 3);
  const good = await laketwin('stream', '--to', stream, '--input', file, '--rate', '100000', '--json');
  expect(JSON.parse(good.out)).toMatchObject({ stream, rows: 200, resent: 1, maybeTwice: 0 });
  expect(good.status).toBe(0);
  expect(await delivered()).toHaveLength(200);
  const bad = await laketwin('stream', '--to', 'nowhere', '--input', file);
  expect(bad.errors).toMatch(/laketwin: could not deliver \d+ records with 200 rows: ResourceNotFoundException/);
  expect(bad.status).toBe(1);
});

/** A delivery stream of moto, which writes each call as an object. `delivered` gives what came since it was last asked. */
async function aStream() {
  const name = `stream-${streams++}`;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-3' as const };
  await moto.s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
  const S3DestinationConfiguration = {
    RoleARN: 'arn:aws:iam::123456789012:role/any',
    BucketARN: `arn:aws:s3:::${name}`,
  };
  const firehose = new FirehoseClient(moto.settings);
  await firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: name, S3DestinationConfiguration }));
  const seen = new Set<string>();
  const delivered = async () => {
    const rows: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await moto.s3.send(new ListObjectsV2Command({ Bucket: name, ContinuationToken }));
      for (const { Key = '' } of page.Contents ?? []) {
        if (seen.has(Key)) continue;
        seen.add(Key);
        const object = await moto.s3.send(new GetObjectCommand({ Bucket: name, Key }));
        rows.push(...((await object.Body?.transformToString()) ?? '').split('\n').filter((line) => line !== ''));
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return sorted(rows);
  };
  return { stream: name, delivered };
}

function send(stream: string, rows: readonly string[], options: Partial<SendInput> = {}) {
  const batches = packRecords(asAsync(rows), { streamId: 'test', now, batchSeconds: 60 });
  return sendRecords({ stream, batches, client, firstDelayMs: 1, ...options });
}

async function* asAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* asBatches(lists: readonly (readonly { readonly recordId: string; readonly data: string }[])[]) {
  for (const records of lists) yield { records, rows: 0 };
}

function bookings(count: number): string[] {
  const rows = generateRows({ dataset: { name: 'bookings' }, seed: 17, now })[Symbol.iterator]();
  return Array.from({ length: count }, () => JSON.stringify(rows.next().value));
}

/** How many rows are curated once what came was taken through the transform. */
async function curatedOf(rows: readonly string[]) {
  const lake = await mkdtemp(join(folder, 'lake-'));
  const dataset = datasetNamed('bookings');
  await streamRows({ lake, dataset, rows, now });
  const [curated] = await curateLake({ lake, dataset, now });
  return curated?.rows;
}

function sorted(rows: readonly string[]): string[] {
  return [...rows].sort();
}

async function laketwin(...args: readonly string[]) {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_FIREHOSE: proxy.endpoint,
    AWS_REGION: moto.settings.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, errors] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  return { status: await ended, out: Buffer.concat(out).toString(), errors: Buffer.concat(errors).toString() };
}
