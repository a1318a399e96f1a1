import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, type TestContext, test } from 'vitest';
import { INTERNET, type Internet, sendWebhook } from '../../lambdas/notify-webhook/send-webhook.ts';
import { startChat } from '../alerts/chat-server.ts';
import { injected } from './injected.ts';

const CARD = { title: 'Too many rows are refused', lines: ['5.7 %'], tone: 'bad' as const };
const SLACK = 'https://hooks.slack.com/services/T0/B0/a-secret-path';

/** What must never be reached: it listens on this machine, and counts who comes. */
const canaries: Server[] = [];
let port = 0;
let visits = 0;

beforeAll(async () => {
  port = await listen('127.0.0.1', 0);
  // The same port by IPv6, and of another address of this machine, where it has them.
  for (const host of ['::1', '127.0.0.2']) await listen(host, port).catch(() => {});
});
beforeEach(() => {
  visits = 0;
});
afterAll(() => {
  for (const canary of canaries) canary.close();
});

test('what listens inside is reached by an address that is not looked at: the attacks below would succeed', async () => {
  const open = { ...inside('127.0.0.1'), isReachable: () => true };
  await expect(sendWebhook(SLACK, CARD, open)).rejects.toThrow('did not answer');
  expect(visits).toBe(1);
});

const ADDRESSES = [
  'https://127.0.0.1:PORT/x',
  'http://127.0.0.1:PORT/x',
  'https://localhost:PORT/x',
  'https://LOCALHOST./x',
  'https://[::1]:PORT/x',
  'https://[::ffff:127.0.0.1]:PORT/x',
  'https://[0:0:0:0:0:ffff:7f00:1]/x',
  'https://2130706433:PORT/x',
  'https://0x7f000001/x',
  'https://0177.0.0.1/x',
  'https://127.1/x',
  'https://0/x',
  'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/x',
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/latest/meta-data/',
  'https://hooks.slack.com@127.0.0.1:PORT/x',
  'https://hooks.slack.com:secret@127.0.0.1/x',
  'https://hooks.slack.com%2f@127.0.0.1/x',
  'https://127.0.0.1\\@hooks.slack.com/x',
  'https://127.0.0.1:PORT#@hooks.slack.com/x',
  'https://user:password@hooks.slack.com/x',
  'https://hooks.slack.com:PORT/x',
  'https://hooks.slack.com:22/x',
  'https://hooks.slack.com.localhost/x',
  'https://not-hooks.slack.com/x',
  'https://webhook.office.com.localhost/x',
  'https://evil-webhook.office.com/x',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/x',
  'data:text/plain,x',
  '//127.0.0.1:PORT/x',
  '',
];

test('an address that leads elsewhere than to a chat is refused, and nothing inside is reached', async (context) => {
  for (const address of ADDRESSES) {
    const given = address.replace('PORT', String(port));
    // Whatever it is called, it would be found here.
    const asked = sendWebhook(given, CARD, { ...inside('127.0.0.1'), isReachable: () => true });
    await expect(asked, address).rejects.toThrow(/^the (address|host) of the webhook .*expected/);
    injected(context);
  }
  expect(visits).toBe(0);
});

const INNER = [
  '127.0.0.1',
  '127.0.0.2',
  '0.0.0.0',
  '10.0.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2001::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%lo',
  'ff02::1',
  'localhost',
];

test('a name that leads inside is refused, alone and beside a public address, and nothing is reached', async (context) => {
  for (const address of INNER) {
    for (const answer of [[address], ['18.246.31.1', address], [address, '2600:1f14::1']]) {
      await refused(inside(...answer), context);
    }
  }
  expect(visits).toBe(0);
});

test('a name that the resolver of this machine leads inside is refused', async (context) => {
  const local = { ...INTERNET, port, kindOf: () => 'slack' as const };
  const asked = sendWebhook('https://localhost/x', CARD, local);
  await expect(asked).rejects.toThrow(/localhost, has (127\.0\.0\.1|::1), expected a public address/);
  expect(visits).toBe(0);
  injected(context);
});

test('public addresses are taken', () => {
  for (const address of ['3.68.56.232', '18.246.31.1', '172.32.0.1', '2600:1f14::1', '2a05:d014::1'])
    expect([address, INTERNET.isReachable(address)]).toEqual([address, true]);
});

test('a name that leads elsewhere at the second question leads nowhere: it is asked once', async (context) => {
  const chat = await startChat(['hooks.slack.com']);
  try {
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']);
    await sendWebhook(SLACK, CARD, { ...chat.internet, resolve });
    expect([asked, chat.bodies.length, visits]).toEqual([1, 1, 0]);
    injected(context);
  } finally {
    await chat.stop();
  }
});

test.each([301, 302, 303, 307, 308])('a redirection (%i) to what lies inside is not followed', async (status) => {
  const chat = await startChat(['hooks.slack.com']);
  try {
    for (const location of [`http://127.0.0.1:${port}/x`, 'http://169.254.169.254/latest/meta-data/', '//[::1]/x']) {
      chat.answer = { status, headers: { location } };
      await expect(sendWebhook(SLACK, CARD, chat.internet)).rejects.toThrow('points elsewhere');
    }
    expect([chat.bodies.length, visits]).toEqual([3, 0]);
  } finally {
    await chat.stop();
  }
});

test('no refusal says the secret part of the address', async () => {
  const told: string[] = [];
  const dead = { ...inside('127.0.0.1'), isReachable: () => true };
  const gone = { ...INTERNET, resolve: () => Promise.reject(new Error('ENOTFOUND')) };
  for (const internet of [inside('10.0.0.1'), dead, gone]) {
    await sendWebhook(SLACK, CARD, internet).catch((error: Error) => told.push(`${error.stack} ${error.cause}`));
  }
  await sendWebhook(SLACK.replace('https', 'http'), CARD).catch((error: Error) => told.push(String(error.stack)));
  expect(told).toHaveLength(4);
  expect(told.join()).not.toContain('a-secret-path');
});

/** The internet as an attacker would have it: every name is found inside. */
function inside(...answer: string[]): Internet {
  return { ...INTERNET, port, resolve: async () => answer, timeoutMs: 2_000 };
}

async function refused(internet: Internet, context: TestContext): Promise<void> {
  await expect(sendWebhook(SLACK, CARD, internet)).rejects.toThrow('expected a public address');
  injected(context);
}

function listen(host: string, wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const canary = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    canary.once('error', fail);
    canary.listen(wanted, host, () => {
      canaries.push(canary);
      const address = canary.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
