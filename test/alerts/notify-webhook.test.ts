import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlertMessage } from '../../core/alerts/types.ts';
import { ZONES, type Zone } from '../../core/ports.ts';
import { keptAddress } from '../../lambdas/notify-webhook/load-address.ts';
import { notifyWebhook } from '../../lambdas/notify-webhook/notify-webhook.ts';
import type { SnsMessage } from '../../lambdas/notify-webhook/read-notification.ts';
import { sendWebhook } from '../../lambdas/notify-webhook/send-webhook.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { type Moto, startMoto } from '../moto.ts';
import { type ChatServer, startChat } from './chat-server.ts';

const SLACK = 'https://hooks.slack.com/services/T0/B0/a-secret-path';
const TEAMS = 'https://prod-1.westeurope.logic.azure.com:443/workflows/a-secret-path?sig=a-secret';
const ALERT: AlertMessage = {
  id: 'bookings/stream-silent/1/raised',
  dataset: 'bookings',
  alert: 'stream-silent',
  kind: 'raised',
  severity: 'critical',
  audience: 'operations',
  at: '2026-03-09T12:31:00.000Z',
  value: 16,
  n: 2000,
  title: { en: 'No booking comes', fr: 'Aucune réservation ne passe' },
  text: { en: '16 minutes.', fr: '16 minutes.' },
};

let moto: Moto;
let chat: ChatServer;
let buckets = 0;
let store: S3ObjectStore;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.stop());
beforeEach(async () => {
  await chat?.stop();
  chat = await startChat(['hooks.slack.com', 'prod-1.westeurope.logic.azure.com']);
  const bucket = `alerts-${buckets++}`;
  await moto.s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' } }),
  );
  store = new S3ObjectStore(Object.fromEntries(ZONES.map((zone) => [zone, bucket])) as Record<Zone, string>, moto.s3);
});
afterAll(() => chat?.stop());

test('an alert comes to Slack in both languages, at the address of the encrypted parameter', async () => {
  await moto.ssm.send(new PutParameterCommand({ Name: '/webhook', Value: SLACK, Type: 'SecureString' }));
  const address = await keptAddress('/webhook', moto.ssm)();
  expect(await notify(aMessage(ALERT), address)).toEqual([{ id: `${ALERT.id} ${ALERT.at}`, isSent: true }]);
  expect(chat.paths).toEqual(['/services/T0/B0/a-secret-path']);
  expect(JSON.parse(chat.bodies[0] ?? '')).toEqual({
    text: '⚠ No booking comes / Aucune réservation ne passe',
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: '⚠ No booking comes / Aucune réservation ne passe', emoji: false },
      },
      {
        type: 'section',
        text: { type: 'plain_text', text: '16 minutes.\n16 minutes.\n(operations)', emoji: false },
      },
    ],
  });
});

test('an alert comes to Teams as a card of plain runs of text', async () => {
  chat.answer = { status: 202 };
  await notify(aMessage(ALERT), TEAMS);
  const { type, attachments } = JSON.parse(chat.bodies[0] ?? '');
  expect([type, attachments.length, attachments[0].contentType]).toEqual([
    'message',
    1,
    'application/vnd.microsoft.card.adaptive',
  ]);
  const { content } = attachments[0];
  expect([content.type, content.version]).toEqual(['AdaptiveCard', '1.4']);
  expect(content.body.map(({ inlines }: { inlines: { text: string }[] }) => inlines[0]?.text)).toEqual([
    '⚠ No booking comes / Aucune réservation ne passe',
    '16 minutes.',
    '16 minutes.',
    '(operations)',
  ]);
});

test('a notification that comes again is sent once, whatever id its carrier gives it', async () => {
  await notify(aMessage(ALERT, 'first'));
  expect(await notify(aMessage(ALERT, 'second'))).toMatchObject([{ isSent: false }]);
  await notify(aMessage('a machine stopped', 'third'));
  expect(await notify(aMessage('a machine stopped', 'third'))).toMatchObject([{ isSent: false }]);
  await notify(aMessage({ ...ALERT, kind: 'cleared', id: 'bookings/stream-silent/1/cleared' }));
  expect(chat.bodies).toHaveLength(3);
});

test('fails where the chat is overrun or broken, and the next try of the same notification is sent', async () => {
  for (const status of [429, 500, 404]) {
    chat.answer = { status };
    await expect(notify(aMessage(ALERT))).rejects.toThrow(`the webhook at hooks.slack.com answered ${status}`);
  }
  chat.answer = { status: 200, text: 'Webhook message delivery failed with error: 429' };
  await expect(notify(aMessage(ALERT))).rejects.toThrow('answered 200, expected');
  chat.answer = { status: 200 };
  expect(await notify(aMessage(ALERT))).toMatchObject([{ isSent: true }]);
});

test('fails in time where the chat says nothing', async () => {
  chat.answer = { status: 200, after: 3_000 };
  const hasty = { ...chat.internet, timeoutMs: 200 };
  await expect(sendWebhook(SLACK, { title: '', lines: [], tone: 'bad' }, hasty)).rejects.toThrow(
    'the webhook at hooks.slack.com did not answer: ',
  );
});

test('an alarm is told with its heading in the runbook, and once more when it is over', async () => {
  const alarm = (NewStateValue: string) => ({
    AlarmName: 'Dev-Convert',
    AlarmDescription: 'docs/runbook.md: The function convert failed',
    NewStateValue,
    NewStateReason: 'Threshold Crossed',
    Region: 'EU (Paris)',
  });
  await notify(aMessage(alarm('ALARM'), 'one'));
  await notify(aMessage(alarm('OK'), 'two'));
  expect(chat.bodies.map((body) => JSON.parse(body).text)).toEqual([
    '⚠ The function convert failed',
    '✓ Over: The function convert failed',
  ]);
});

test('words of a row can neither call people nor link, and a page of them is cut', async () => {
  const text = `<!channel> <https://evil.test|here> ${'x'.repeat(20_000)}`;
  await notify({ MessageId: 'a', Subject: '<!here> & co', Message: text });
  const sent = JSON.parse(chat.bodies[0] ?? '');
  expect(sent.text).toBe('&lt;!here&gt; &amp; co');
  expect(sent.blocks.map(({ text: { type } }: { text: { type: string } }) => type)).toEqual([
    'plain_text',
    'plain_text',
  ]);
  expect(sent.blocks[1].text.text).toHaveLength(2900);
});

function notify(message: SnsMessage, address = SLACK) {
  const ports = { store, send: (card: Parameters<typeof sendWebhook>[1]) => sendWebhook(address, card, chat.internet) };
  return notifyWebhook(ports, { Records: [{ Sns: message }] });
}

function aMessage(document: object | string, MessageId = 'message'): SnsMessage {
  return { MessageId, Message: typeof document === 'string' ? document : JSON.stringify(document) };
}
