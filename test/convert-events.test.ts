import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerKey, refusalKey } from '../core/lake/keys.ts';
import { readEntry } from '../core/lake/read-ledger.ts';
import { readJson, readText } from '../core/lake/read-object.ts';
import { NoSuchObject, PreconditionFailed, ZONES } from '../core/ports.ts';
import { datasetNamed } from '../datasets/index.ts';
import { type ConvertReport, convertEvents } from '../lambdas/convert/convert-events.ts';
import { env } from '../lambdas/shared/env.ts';
import { loadPseudonymKey } from '../lambdas/shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../lambdas/shared/s3-store.ts';
import { BOOKING_HEADER, BOOKING_LINE, TEST_KEY } from './convert-input.ts';
import { type Moto, startMoto } from './moto.ts';

let folder = '';
let moto: Moto;
let store: S3ObjectStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-s3-'));
  moto = await startMoto();
  for (const zone of ZONES) {
    await moto.s3.send(
      new CreateBucketCommand({
        Bucket: `lake-${zone}`,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' },
      }),
    );
  }
  store = new S3ObjectStore(
    {
      raw: 'lake-raw',
      processed: 'lake-processed',
      curated: 'lake-curated',
      rejected: 'lake-rejected',
    },
    moto.s3,
  );
}, 300_000);
afterAll(async () => {
  moto?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('S3 keeps what is put, and lists it in the order of its keys', async () => {
  const put = await store.put('curated', 'a/b c+é.txt', 'text');
  const { info, body } = await store.get('curated', 'a/b c+é.txt');
  expect(Buffer.concat(await body.toArray()).toString()).toBe('text');
  expect([info.sizeBytes, info.etag]).toEqual([4, put.etag]);
  await writeFile(join(folder, 'file'), 'bytes');
  await store.putFile('curated', 'a/a', join(folder, 'file'));
  expect(await keys('a/')).toEqual(['a/a', 'a/b c+é.txt']);
  await store.remove('curated', 'a/a');
  await store.remove('curated', 'a/a');
  expect(await keys('a/')).toEqual(['a/b c+é.txt']);
  expect(await store.head('curated', 'a/a')).toBeUndefined();
  await expect(store.get('curated', 'a/a')).rejects.toThrow(NoSuchObject);
});

test('fails as a lost condition where S3 has the object already or it has changed', async () => {
  const { etag } = await store.put('curated', 'once', '1', { ifNoneMatch: '*' });
  await expect(store.put('curated', 'once', '2', { ifNoneMatch: '*' })).rejects.toThrow(PreconditionFailed);
  await store.put('curated', 'once', '3', { ifMatch: etag });
  await expect(store.put('curated', 'once', '4', { ifMatch: etag })).rejects.toThrow(PreconditionFailed);
  await expect(store.put('curated', 'never', '5', { ifMatch: etag })).rejects.toThrow(PreconditionFailed);
  expect(await readText(store, 'curated', 'once')).toBe('3');
});

test('a notification makes rows of an object whose name has spaces, pluses and accents', async () => {
  const key = 'bookings/été 1+1.csv';
  const source = `${BOOKING_HEADER}\n${BOOKING_LINE}\n`;
  await store.put('raw', key, source);
  const { response, reports } = await notified([notification(key)]);
  expect(response).toEqual({ batchItemFailures: [] });
  expect(reports).toMatchObject([
    { outcome: 'converted', rawKey: key, entry: { rowsIn: 1, accepted: 1, rawKey: key } },
  ]);
  const checksum = createHash('sha256').update(source).digest('hex');
  const entry = await readEntry(store, 'bookings', checksum);
  expect(entry?.files).toHaveLength(1);
  expect(await store.head('processed', entry?.files[0]?.key ?? '')).toBeDefined();
  expect(entry?.receivedAt).toBe((await store.head('raw', key))?.lastModified.toISOString());
  expect(await readdir(folder)).toEqual(['file']);
});

test('an object that is no table is refused for good, one that fails comes again, and the others are converted', async () => {
  await store.put('raw', 'bookings/page.csv', '<!doctype html><html><body>not found</body></html>');
  await store.put('raw', 'unknown/x.csv', 'a,b\n1,2\n');
  await store.put('raw', 'bookings/good.csv', `${BOOKING_HEADER}\n${BOOKING_LINE}\n${BOOKING_LINE}\n`);
  const bodies = ['bookings/page.csv', 'unknown/x.csv', 'bookings/good.csv', 'bookings/gone.csv'].map(notification);
  const { response, reports } = await notified([
    ...bodies,
    '{"Service":"Amazon S3","Event":"s3:TestEvent"}',
    'no json',
  ]);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-5' }] });
  expect(reports.map(({ outcome }) => outcome)).toEqual(['refused', 'failed', 'converted', 'gone']);
  const checksum = createHash('sha256').update('<!doctype html><html><body>not found</body></html>').digest('hex');
  expect(await readJson(store, 'processed', refusalKey('bookings', checksum))).toMatchObject({
    rawKey: 'bookings/page.csv',
  });
  expect(await store.head('processed', ledgerKey('bookings', checksum))).toBeUndefined();
});

test('the pseudonym key is read from an encrypted parameter', async () => {
  const value = JSON.stringify({ version: 7, secret: Buffer.from(TEST_KEY.secret).toString('base64') });
  await moto.ssm.send(new PutParameterCommand({ Name: '/lake/key', Type: 'SecureString', Value: value }));
  const key = await loadPseudonymKey('/lake/key', moto.ssm);
  expect([key.version, Buffer.from(key.secret)]).toEqual([7, Buffer.from(TEST_KEY.secret)]);
});

test('fails without a word of the secret where the parameter is no pseudonym key', async () => {
  await moto.ssm.send(new PutParameterCommand({ Name: '/lake/bad', Type: 'SecureString', Value: 'hunter2' }));
  await expect(loadPseudonymKey('/lake/bad', moto.ssm)).rejects.toThrow(
    'parameter /lake/bad is no pseudonym key, expected JSON with a version and a secret in base64',
  );
});

test('fails by its name where a variable of the environment is missing', () => {
  expect(() => env('NO_SUCH_VARIABLE')).toThrow('environment variable NO_SUCH_VARIABLE is not set');
});

async function keys(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('curated', prefix)) found.push(key);
  return found;
}

function notification(key: string): string {
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  return JSON.stringify({ Records: [{ s3: { object: { key: encoded } } }] });
}

async function notified(bodies: readonly string[]) {
  const reports: ConvertReport[] = [];
  const handle = convertEvents({
    store,
    datasetNamed,
    loadPseudonymKey: async () => TEST_KEY,
    scratch: folder,
    report: (done) => reports.push(done),
  });
  const response = await handle({ Records: bodies.map((body, i) => ({ messageId: `message-${i}`, body })) });
  return { response, reports };
}
