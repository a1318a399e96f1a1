/** The function that makes reports, as it is deployed, between the laptop's engine and moto. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ReportOrder } from '../../core/dashboards/scheduled-reports.ts';
import { manifestKey } from '../../core/lake/curated-manifest.ts';
import { datasets } from '../../datasets/index.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { writeReport } from '../../local/reports/write-report.ts';
import { buildLambdas } from '../../scripts/build-lambdas.ts';
import { type S3Proxy, startS3Proxy } from '../faults/s3-proxy.ts';
import { type Moto, startMoto } from '../moto.ts';
import { type AthenaStandIn, startAthena } from './athena-stand-in.ts';
import { NOW, readReport, reportedLake } from './reported-lake.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAY: ReportOrder = {
  dataset: 'bookings',
  role: 'direction',
  kind: 'month',
  period: '2026-05',
  at: NOW.toISOString(),
};
const FOLDER = 'reports/bookings/direction/2026-05';

let lake: Awaited<ReturnType<typeof reportedLake>>;
let engine: Engine;
/** Of the two, the one that Athena stands for. */
let asked: Engine;
let athena: AthenaStandIn;
let moto: Moto;
let s3: S3Proxy;
let people: Server;
let bundle: string;
let handler: (order: ReportOrder) => Promise<void>;
const told: { readonly TopicArn: string; readonly Subject: string; readonly Message: string }[] = [];
const topics: Record<string, string> = {};

beforeAll(async () => {
  lake = await reportedLake(4000);
  engine = await openEngine(await openFileStore(lake.lake), datasets, { estimatesScans: false, held: ['bookings'] });
  asked = engine;
  athena = await startAthena((sql) => asked.query(sql));
  moto = await startMoto();
  s3 = await startS3Proxy(moto.settings.endpoint);
  await makePlaces();
  bundle = await mkdtemp(join(tmpdir(), 'laketwin-report-'));
  await symlink(join(ROOT, 'node_modules'), join(bundle, 'node_modules'));
  const [built] = await buildLambdas(bundle, ['report']);
  Object.assign(process.env, {
    AWS_REGION: moto.settings.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SNS: moto.settings.endpoint,
    AWS_ENDPOINT_URL_ATHENA: athena.endpoint,
    DATABASE: 'laketwin_test',
    WORK_GROUP: 'laketwin-test-dashboards',
    REPORTS_BUCKET: 'results',
    ...Object.fromEntries(['RAW', 'PROCESSED', 'CURATED', 'REJECTED'].map((zone) => [`${zone}_BUCKET`, 'zones'])),
    TOPIC_DIRECTION: topics.direction,
    TOPIC_MARKETING: topics.marketing,
  });
  ({ handler } = await import(/* @vite-ignore */ pathToFileURL(built?.path ?? '').href));
}, 120_000);

afterAll(async () => {
  people?.close();
  s3?.stop();
  moto?.stop();
  athena?.stop();
  await engine?.close();
  await lake?.end();
  if (bundle !== undefined) await rm(bundle, { recursive: true, force: true });
});

beforeEach(() => {
  told.length = 0;
  athena.refuse = () => undefined;
  s3.decide = () => undefined;
});

test('a file that cannot be put leaves a report that nobody is told of, and the next try tells of it', async () => {
  s3.decide = ({ method, path }) =>
    method === 'PUT' && path.endsWith('/fr/report.xlsx')
      ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
      : undefined;
  await expect(handler(MAY)).rejects.toThrow('AccessDenied');
  expect(await keys()).toContain(`${FOLDER}/en/report.html`);
  expect(await keys()).not.toContain(`${FOLDER}/report.json`);
  expect(told).toEqual([]);
  s3.decide = () => undefined;
  await handler(MAY);
  expect(await keys()).toContain(`${FOLDER}/report.json`);
  await until(() => told.length === 1);
});

test('the report of a month is the one that a laptop writes, in both languages, as page, Excel and CSV', async () => {
  await handler({ ...MAY, period: '2026-04' });
  for (const language of ['en', 'fr'] as const) {
    const report = await lake.gather({ role: 'direction', month: '2026-04', language });
    const place = `reports/bookings/direction/2026-04/${language}`;
    const here = (name: string) => join(lake.folder, `${language}-${name}`);
    await writeReport(report, 'html', here('report.html'));
    await writeReport(report, 'xlsx', here('report.xlsx'));
    await writeReport(report, 'csv', here('csv'));
    expect(drawn(await text(`${place}/report.html`))).toBe(drawn(await readFile(here('report.html'), 'utf8')));
    await writeFile(here('sent.xlsx'), await bytes(`${place}/report.xlsx`));
    expect(readReport('xlsx', here('sent.xlsx'))).toEqual(readReport('xlsx', here('report.xlsx')));
    const names = await readdir(here('csv'));
    expect(names.length).toBeGreaterThan(7);
    for (const name of names)
      expect(await text(`${place}/csv/${name}`)).toBe(await readFile(join(here('csv'), name), 'utf8'));
    const laid = (await keys()).filter((key) => key.startsWith(`${place}/`));
    expect(laid).toHaveLength(names.length + 2);
  }
}, 60_000);

test('the order of the clock in January is the month and the year before', async () => {
  await handler({ dataset: 'bookings', role: 'marketing', kind: 'month', at: '2026-01-02T05:00:00Z' });
  await handler({ dataset: 'bookings', role: 'marketing', kind: 'year', at: '2026-01-02T05:00:00Z' });
  const made = (await keys()).filter((key) => /marketing\/.*report\.json$/.test(key));
  expect(made).toEqual(['2025-12', '2025'].map((name) => `reports/bookings/marketing/${name}/report.json`));
  await until(() => told.length === 2);
  expect(told.map(({ TopicArn }) => TopicArn)).toEqual([topics.marketing, topics.marketing]);
});

test('the message says what, when, how much and where, in both languages, and nothing of the data', async () => {
  const order = { ...MAY, period: '2026-03' };
  await handler(order);
  await until(() => told.length === 1);
  const { facts, sheets } = await lake.gather({ role: 'direction', month: '2026-03' });
  const visuals = sheets.flatMap((sheet) => sheet.visuals).length;
  const link = (language: string) =>
    `https://eu-west-3.console.aws.amazon.com/s3/object/results?region=eu-west-3&prefix=${encodeURIComponent(`reports/bookings/direction/2026-03/${language}/report.html`)}`;
  const folder = (language: string) =>
    `https://eu-west-3.console.aws.amazon.com/s3/buckets/results?region=eu-west-3&prefix=${encodeURIComponent(`reports/bookings/direction/2026-03/${language}/`)}`;
  const count = (locale: string, value: number) => value.toLocaleString(locale);
  expect(told[0]?.Subject).toBe('Laketwin: Are we on track? - March 2026');
  expect(told[0]?.Message.split('\n')).toEqual([
    'Are we on track? – March 2026',
    `Bookings in this report: ${count('en-GB', facts.chosen)} of ${count('en-GB', facts.bookings)}`,
    `Visuals: ${visuals}`,
    'Last taken in (UTC): 21 Nov 2026 07:00',
    `The report: ${link('en')}`,
    `Excel and CSV: ${folder('en')}`,
    expect.stringContaining('signed in'),
    '',
    'Sommes-nous sur la bonne voie ? – mars 2026',
    `Réservations dans ce rapport : ${count('fr-FR', facts.chosen)} sur ${count('fr-FR', facts.bookings)}`,
    `Visuels : ${visuals}`,
    'Dernière réception (UTC) : 21 nov. 2026 07:00',
    `Le rapport : ${link('fr')}`,
    `Excel et CSV : ${folder('fr')}`,
    expect.stringContaining('connecté'),
  ]);
});

test('ordered twice, a report is there once and told of once; after a publication it is replaced as a whole', async () => {
  const before = await keys(FOLDER);
  const statements = athena.asked.length;
  await handler(MAY);
  expect(await keys(FOLDER)).toEqual(before);
  expect(athena.asked.length).toBe(statements);
  expect(told).toEqual([]);
  await publish(2);
  await moto.s3.send(new PutObjectCommand({ Bucket: 'results', Key: `${FOLDER}/en/csv/gone.csv`, Body: 'old' }));
  await handler(MAY);
  expect(await keys(FOLDER)).toEqual(before);
  expect(JSON.parse(await text(`${FOLDER}/report.json`))).toMatchObject({
    version: 2,
    period: '2026-05',
    toldAt: expect.any(String),
  });
  await until(() => told.length === 1);
});

test('a lake without a booking has no report, and nobody is told of one', async () => {
  const empty = await openEngine(await openFileStore(join(lake.folder, 'empty')), datasets, { estimatesScans: false });
  asked = empty;
  await handler({ ...MAY, period: '2026-02' }).finally(() => {
    asked = engine;
  });
  await empty.close();
  expect(await keys('reports/bookings/direction/2026-02')).toEqual([]);
  expect(told).toEqual([]);
});

test('fails where Athena cannot compute a visual, and tells nobody', async () => {
  athena.refuse = (sql) => (sql.includes('from abandoned_by_route') ? 'GENERIC_INTERNAL_ERROR: no' : undefined);
  const order = { ...MAY, period: '2026-02' };
  await expect(handler(order)).rejects.toThrow(/^visuals that could not be computed: .*GENERIC_INTERNAL_ERROR: no$/);
  expect(await keys('reports/bookings/direction/2026-02')).toEqual([]);
  expect(told).toEqual([]);
});

test('fails where the table is published again and again while it is asked', async () => {
  let version = 2;
  s3.decide = ({ method, path }) => {
    if (method === 'GET' && path.startsWith('/zones/_manifests')) publishing = publish(++version);
    return undefined;
  };
  let publishing = Promise.resolve();
  await expect(handler({ ...MAY, period: '2026-02' })).rejects.toThrow(
    "the table 'bookings' was published anew 3 times while the report was being made",
  );
  await publishing;
}, 60_000);

test.each([
  [
    'a role to whom no report is sent',
    { role: 'analysts' },
    "no report is sent to 'analysts', expected one of marketing, direction",
  ],
  ['a period of another kind', { period: '2026' }, "found the month '2026', expected one as 2026-01"],
  ['a kind of period that is none', { kind: 'week' as never }, "of the kind 'week', expected one of month, year"],
  ['an instant that is none', { at: 'soon' }, 'the order has an instant that is none'],
  ['a dataset without dashboards', { dataset: 'orders' }, "there are no dashboards of 'orders'"],
])('fails for %s', async (_, wrong, message) => {
  await expect(handler({ ...MAY, ...wrong })).rejects.toThrow(message);
});

test('every statement is asked in the workgroup and the database that the function was given', () => {
  const places = athena.asked.map(({ WorkGroup, QueryExecutionContext: it }) => `${WorkGroup} ${it?.Database}`);
  expect(new Set(places)).toEqual(new Set(['laketwin-test-dashboards laketwin_test']));
});

/** ECharts numbers the drawings of a process, and names the parts of each by its number. */
function drawn(page: string): string {
  return page.replaceAll(/\bzr\d+-/g, 'zr-');
}

async function makePlaces(): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-3' } as const;
  for (const Bucket of ['results', 'zones'])
    await moto.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  await publish(1);
  people = createServer(async (asked, answering) => {
    const message = JSON.parse(Buffer.concat(await asked.toArray()).toString('utf8'));
    if (message.Type === 'Notification') told.push(message);
    answering.end();
  });
  await new Promise<void>((done) => people.listen(0, '127.0.0.1', done));
  const Endpoint = `http://127.0.0.1:${(people.address() as AddressInfo).port}/`;
  const sns = new SNSClient(moto.settings);
  for (const role of ['direction', 'marketing']) {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: role }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
    topics[role] = TopicArn;
  }
}

/** Lays the laptop's manifest into the curated zone under this version. */
async function publish(version: number): Promise<void> {
  const manifest = JSON.parse(await readFile(join(lake.lake, 'curated', manifestKey('bookings', 1)), 'utf8'));
  const Body = JSON.stringify({ ...manifest, version });
  await moto.s3.send(new PutObjectCommand({ Bucket: 'zones', Key: manifestKey('bookings', version), Body }));
}

async function keys(prefix = 'reports/'): Promise<string[]> {
  const { Contents = [] } = await moto.s3.send(new ListObjectsV2Command({ Bucket: 'results', Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

async function bytes(Key: string): Promise<Uint8Array> {
  const { Body } = await moto.s3.send(new GetObjectCommand({ Bucket: 'results', Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function text(key: string): Promise<string> {
  return Buffer.from(await bytes(key)).toString('utf8');
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 50));
  expect(isSo()).toBe(true);
}
