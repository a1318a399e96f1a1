import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertRun } from '../../core/alerts/run-alerts.ts';
import { ZONES, type Zone } from '../../core/ports.ts';
import { alertsOf } from '../../datasets/alerts.ts';
import { alertSql } from '../../lambdas/evaluate-alerts/alert-sql.ts';
import { askAthena } from '../../lambdas/evaluate-alerts/ask-athena.ts';
import { evaluateSets } from '../../lambdas/evaluate-alerts/evaluate-sets.ts';
import { publishMessage } from '../../lambdas/evaluate-alerts/publish-message.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { type Moto, startMoto } from '../moto.ts';

const NOW = Date.parse('2026-03-09T12:31:00.000Z');
const TABLES = ['bookings', 'processed_bookings', 'rejected_bookings'];
const SILENCE = ['value', 'n', 'period'];

let moto: Moto;
let people: Server;
/** What the topic told. */
const told: { readonly Subject: string; readonly Message: string }[] = [];
let athena: AthenaClient;
let sns: SNSClient;
let topicArn: string;
let store: S3ObjectStore;

beforeAll(async () => {
  moto = await startMoto();
  people = createServer((asked, answering) => {
    let body = '';
    asked.on('data', (more) => {
      body += more;
    });
    asked.on('end', () => {
      const message = JSON.parse(body);
      if (message.Type === 'Notification') told.push(message);
      answering.end();
    });
  });
  await new Promise<void>((done) => people.listen(0, '127.0.0.1', done));
  athena = new AthenaClient(moto.settings);
  sns = new SNSClient(moto.settings);
  topicArn = (await sns.send(new CreateTopicCommand({ Name: 'alerts' }))).TopicArn ?? '';
  const Endpoint = `http://127.0.0.1:${(people.address() as AddressInfo).port}/`;
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'http', Endpoint }));
  const Bucket = 'lake';
  await moto.s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' } }),
  );
  store = new S3ObjectStore(Object.fromEntries(ZONES.map((zone) => [zone, Bucket])) as Record<Zone, string>, moto.s3);
});
afterAll(() => {
  moto?.stop();
  people?.close();
});

test('what Athena says becomes one message to the topic, and nothing more while it lasts', async () => {
  await answers([], [SILENCE, ['16.0', '2000', '2026-03-09 12:15 UTC']], [SILENCE, ['0.001', '900', 'an hour']]);
  const [first] = await evaluate(0);
  expect(first?.outcomes).toEqual([
    { kind: 'evaluated', id: 'completion-below-target', value: null, n: 0, period: '' },
    { kind: 'evaluated', id: 'stream-silent', value: 16, n: 2000, period: '2026-03-09 12:15 UTC' },
    { kind: 'evaluated', id: 'rejected-share', value: 0.001, n: 900, period: 'an hour' },
    { kind: 'inactive', id: 'calibration-gap', reason: 'the lake has no model_metrics' },
  ]);
  await until(() => told.length === 1);
  expect(told[0]).toMatchObject({
    Subject: 'Laketwin: No booking comes through the stream',
    Message: expect.stringMatching(/^No booking comes.*\n16 minutes .*\n\nAucune réservation.*\n16 minutes /),
  });
  // Only the rule of five minutes is due.
  await answers([SILENCE, ['21.0', '2000', '2026-03-09 12:15 UTC']]);
  const [second] = await evaluate(5);
  expect(second?.outcomes.map(({ kind }) => kind)).toEqual(['waiting', 'evaluated', 'waiting', 'inactive']);
  expect(told).toHaveLength(1);
});

test('fails, once the others are asked, where Athena gives what is no number', async () => {
  await answers([SILENCE, ['many', '2000', '']], [SILENCE, ['0.001', '900', 'an hour']]);
  const runs: AlertRun[] = [];
  await expect(evaluate(15, runs)).rejects.toThrow(
    'rules that could not be asked: bookings/stream-silence.sql: the column value holds "many", expected a number',
  );
  expect(runs[0]?.outcomes.map(({ kind }) => kind)).toEqual(['waiting', 'failed', 'evaluated', 'inactive']);
});

test('fails where Athena does not end a query in time, which is then stopped', async () => {
  const hasty = { client: athena, database: 'lake', workGroup: 'primary', timeoutMs: -1 };
  await setTransition({ progression: 'manual', times: 1000 });
  await expect(askAthena(hasty, 'select 1')).rejects.toThrow('Athena took more than');
  await setTransition({ progression: 'immediate' });
});

async function evaluate(minutesLater: number, runs: AlertRun[] = []): Promise<AlertRun[]> {
  const ports = {
    store,
    sql: alertSql,
    ask: (sql: string) => askAthena({ client: athena, database: 'lake', workGroup: 'primary', timeoutMs: 10_000 }, sql),
    relations: new Set(TABLES),
    send: (message: Parameters<typeof publishMessage>[2]) => publishMessage(sns, topicArn, message),
    now: () => new Date(NOW + minutesLater * 60_000),
  };
  await evaluateSets([alertsOf('bookings')], ports, (_, run) => runs.push(run));
  return runs;
}

/** What Athena answers to the next queries: a heading and rows each. */
async function answers(...results: (readonly (readonly string[])[])[]): Promise<void> {
  await toMoto('static/athena/query-results', {
    region: 'eu-west-3',
    results: results.map((rows) => ({
      rows: rows.map((row) => ({ Data: row.map((VarCharValue) => ({ VarCharValue })) })),
      column_info: (rows[0] ?? []).map((Name) => ({ Name, Type: 'varchar' })),
    })),
  });
}

function setTransition(transition: object): Promise<void> {
  return toMoto('state-manager/set-transition', { model_name: 'athena::execution', transition });
}

async function toMoto(path: string, body: object): Promise<void> {
  const { status } = await fetch(`${moto.settings.endpoint}/moto-api/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(201);
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 50; tries++) await new Promise((done) => setTimeout(done, 100));
}
