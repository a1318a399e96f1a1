import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { BOOKING_LINE } from '../convert-input.ts';
import { seeded } from './booking-files.ts';
import { injected } from './injected.ts';
import { messageOf } from './notification.ts';
import { expectSeen, KEY, ROWS, type S3Lake, type S3State, type S3World, startS3World } from './s3-lake.ts';
import type { Passing, S3Fault } from './s3-proxy.ts';
import { startChild } from './start-child.ts';

let world: S3World;
let undisturbed: S3State;

beforeAll(async () => {
  world = await startS3World();
  const lake = await world.lake();
  expect(await lake.deliverUntilTaken()).toHaveLength(1);
  undisturbed = await lake.state();
}, 300_000);
afterEach(() => {
  world.proxy.decide = () => undefined;
});
afterAll(() => world?.stop());

test('the undisturbed delivery accounts for every row, some of them rejected', () => {
  const entry = JSON.parse(undisturbed.entries[0] ?? '');
  expect(entry.rowsIn).toBe(ROWS);
  expect(entry.accepted + entry.rejected + entry.duplicates).toBe(ROWS);
  expect(entry.rejected).toBeGreaterThan(0);
  expect(undisturbed.objects).toHaveLength(3);
});

const SLOW_DOWN: S3Fault = { kind: 'refuse', status: 503, code: 'SlowDown' };

test('requests that S3 answers by 503 SlowDown once or twice, or more often than the SDK tries, lose and double nothing', async (context) => {
  for (const [seed, times] of [1, 2, 3, 4].entries()) {
    await expectWhole(context, { share: 0.6, times, seed }, () => SLOW_DOWN);
  }
}, 120_000);

test('a put that S3 has done and answers by 500 has one effect, the entry of the ledger included', async (context) => {
  for (const target of ['/ledger/', 'processed/bookings/', 'rejected/bookings/']) {
    await expectWhole(context, { share: 1, times: 1, seed: 1, target }, () => ({
      kind: 'do and refuse',
      status: 500,
      code: 'InternalError',
    }));
  }
}, 120_000);

test('a connection that breaks in the middle of an answer or of a put leaves no part of an object', async (context) => {
  const draw = seeded(3);
  for (let seed = 0; seed < 5; seed += 1) {
    await expectWhole(context, { share: 1, times: 1, seed, target: KEY }, () => ({
      kind: 'cut answer',
      share: draw(),
    }));
  }
  for (const target of ['/ledger/', 'processed/bookings/', 'rejected/bookings/']) {
    await expectWhole(context, { share: 1, times: 1, seed: 1, target }, () => ({ kind: 'cut request' }));
  }
}, 120_000);

test('a key that KMS refuses or throttles in the middle of a delivery is told of, and nothing is half there', async (context) => {
  const refusals: S3Fault[] = [
    { kind: 'refuse', status: 403, code: 'AccessDenied' },
    { kind: 'refuse', status: 400, code: 'KMS.DisabledException' },
    { kind: 'refuse', status: 503, code: 'KMS.ThrottlingException' },
  ];
  for (const refusal of refusals) {
    for (const target of [KEY, 'processed/bookings/', 'rejected/bookings/', '/ledger/']) {
      await expectWhole(context, { share: 1, times: 4, seed: 1, target }, () => refusal);
    }
  }
}, 120_000);

test('a clock that S3 finds 15 minutes wrong is set right, and nothing is lost', async (context) => {
  for (const minutes of [-16, 16]) {
    const date = new Date(Date.now() + minutes * 60_000).toUTCString();
    await expectWhole(context, { share: 1, times: 1, seed: 1 }, () => ({
      kind: 'refuse',
      status: 403,
      code: 'RequestTimeTooSkewed',
      headers: { date },
    }));
  }
}, 60_000);

test('an S3 that answers 409 to conditional puts, even for long, leaves one entry', async (context) => {
  for (const times of [1, 2, 3]) {
    const conflict: S3Fault = { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' };
    await expectWhole(context, { share: 1, times, seed: 1, target: '/ledger/' }, () => conflict);
  }
}, 60_000);

test('a message that comes five times, at once, in one batch and again, has one effect', async (context) => {
  const lake = await world.lake();
  await Promise.all([lake.deliver([messageOf(KEY, 'a'), messageOf(KEY, 'b')]), lake.deliver([messageOf(KEY, 'c')])]);
  expect(await lake.state()).toEqual(undisturbed);
  for (const id of ['d', 'e']) await lake.deliver([messageOf(KEY, id)]);
  expect(await lake.state()).toEqual(undisturbed);
  injected(context, 4);
});

test('of several messages of a batch only the failed one comes again, and redriven twice it has one effect', async (context) => {
  const lake = await world.lake();
  world.proxy.decide = faultOf({ share: 1, times: 99, seed: 1, target: '/ledger/' }, () => SLOW_DOWN);
  const gone = messageOf('bookings/gone.csv', 'gone');
  for (let receive = 0; receive < 3; receive += 1) {
    const delivery = await lake.deliver([gone, messageOf(KEY, 'held')]);
    expect(delivery.failures).toEqual(['held']);
    await expectSeen(delivery);
    expect((await lake.state()).entries).toEqual([]);
  }
  world.proxy.decide = () => undefined;
  for (let redrive = 0; redrive < 2; redrive += 1) {
    expect((await lake.deliver([messageOf(KEY, 'held')])).failures).toEqual([]);
    expect(await lake.state()).toEqual(undisturbed);
  }
  injected(context, 5);
}, 60_000);

test('a function that S3 answers byte by byte is ended at its deadline, and its message then has its one effect', async (context) => {
  for (const [target, deadline] of [
    [KEY, 700],
    [KEY, 1_500],
    ['/ledger/', 2_500],
  ] as const) {
    const lake = await world.lake();
    const before = world.proxy.injected();
    world.proxy.decide = ({ path }) => (path.includes(target) ? { kind: 'slow answer', bytesPerSecond: 1 } : undefined);
    const child = startChild('deadline-child.ts', [world.proxy.endpoint, JSON.stringify(lake.buckets), KEY]);
    await child.says('started');
    await until(() => world.proxy.injected() > before);
    await sleep(deadline);
    child.process.kill('SIGKILL');
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
    expect((await lake.state()).entries).toEqual([]);
    world.proxy.decide = () => undefined;
    await lake.deliverUntilTaken();
    expect(await lake.state()).toEqual(undisturbed);
    injected(context);
  }
}, 60_000);

test('messages that come in another order than the objects were put tell of what is there now', async (context) => {
  const lake = await world.lake();
  const store = new S3ObjectStore(lake.buckets, world.moto.s3);
  const key = 'bookings/month.csv';
  await store.put('raw', key, 'first,version\n');
  const older = messageOf(key, 'sequencer-1');
  const source = (await store.get('raw', KEY)).body;
  const later = Buffer.concat(await source.toArray());
  await store.put('raw', key, Buffer.concat([later, Buffer.from(BOOKING_LINE)]));
  const newer = messageOf(key, 'sequencer-2');
  expect((await lake.deliver([newer])).failures).toEqual([]);
  const state = await lake.state();
  expect(JSON.parse(state.entries[0] ?? '').rowsIn).toBe(ROWS + 1);
  for (const messages of [[older], [older, newer], [newer, older, older]]) {
    expect((await lake.deliver(messages)).failures).toEqual([]);
    expect(await lake.state()).toEqual(state);
    injected(context, messages.length);
  }
});

async function until(is: () => boolean): Promise<void> {
  while (!is()) await sleep(20);
}

interface Aim {
  /** Share of the requests that are hurt. */
  readonly share: number;
  /** How many are hurt at most, of each kind and key. */
  readonly times: number;
  readonly seed: number;
  /** Part of the path of requests that are hurt; of all without it. */
  readonly target?: string;
}

/** Delivers under a fault until the message is taken; what readers see is nothing or everything, each time. */
async function expectWhole(context: Parameters<typeof injected>[0], aim: Aim, fault: () => S3Fault): Promise<void> {
  const lake = await world.lake();
  const before = world.proxy.injected();
  world.proxy.decide = faultOf(aim, fault);
  await deliverAndLook(lake);
  world.proxy.decide = () => undefined;
  const times = world.proxy.injected() - before;
  expect(times).toBeGreaterThan(0);
  injected(context, times);
  expect(await lake.state()).toEqual(undisturbed);
}

/** A fault hurts four of each kind of request at most, and a delivery asks for the object twice before it writes. */
const DELIVERIES = 10;

async function deliverAndLook(lake: S3Lake): Promise<void> {
  for (let time = 0; time < DELIVERIES; time += 1) {
    const delivery = await lake.deliver([messageOf(KEY)]);
    const { entries } = await lake.state();
    if (delivery.failures.length === 0) {
      expect(entries).toEqual(undisturbed.entries);
      return;
    }
    await expectSeen(delivery);
    if (entries.length > 0) expect(entries).toEqual(undisturbed.entries);
  }
  throw new Error(`the message was not taken in ${DELIVERIES} deliveries`);
}

function faultOf({ share, times, seed, target = '' }: Aim, fault: () => S3Fault) {
  const draw = seeded(seed);
  const hurt = new Map<string, number>();
  return ({ method, path }: Passing): S3Fault | undefined => {
    const name = `${method} ${path}`;
    const sofar = hurt.get(name) ?? 0;
    const isPut = method === 'PUT' || target === '' || target === KEY;
    if (!path.includes(target) || !isPut || sofar >= times || draw() > share) return undefined;
    hurt.set(name, sofar + 1);
    return fault();
  };
}
