import { Buffer } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FirehoseEvent, FirehoseResponse } from '../../core/etl/envelope.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { transformEvents } from '../../lambdas/transform/transform-events.ts';
import { openFileStore } from '../../local/file-store.ts';
import { BatchFailed, invokeTransform } from '../../local/invoke-transform.ts';
import { A_BOOKING } from '../a-booking.ts';
import { TEST_KEY } from '../convert-input.ts';
import { seeded } from './booking-files.ts';
import { injected } from './injected.ts';

const root = await mkdtemp(join(tmpdir(), 'laketwin-answers-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const plan = datasetNamed('bookings');

test('an answer that lacks an id, has one twice or one of nobody is no answer: the batch is sent again', async (context) => {
  const event = batch(['a', 'b', 'c']);
  const ways: ((answer: FirehoseResponse) => FirehoseResponse)[] = [
    ({ records }) => ({ records: records.slice(1) }),
    ({ records }) => ({ records: [...records.slice(0, 2), ...records.slice(0, 1)] }),
    ({ records }) => ({ records: [...records, ...records.slice(0, 1)] }),
    ({ records }) => ({ records: records.map((record, n) => (n === 1 ? { ...record, recordId: 'nobody' } : record)) }),
  ];
  for (const spoil of ways) {
    const { transform } = await aTransform();
    let calls = 0;
    const mended = await invokeTransform(async (given) => {
      calls += 1;
      const answer = await transform(given);
      return calls === 1 ? spoil(answer) : answer;
    }, event);
    expect(mended.map(({ record, result }) => [record.recordId, result.result])).toEqual([
      ['a', 'Ok'],
      ['b', 'Ok'],
      ['c', 'Ok'],
    ]);
    expect(calls).toBe(2);
    await expect(invokeTransform(async (given) => spoil(await transform(given)), event)).rejects.toThrow(BatchFailed);
    injected(context, 2);
  }
});

test('records of a batch that bear the same id are each answered, in their order', async (context) => {
  const { transform } = await aTransform();
  const { records } = await transform(batch(['same', 'same', 'other']));
  expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([
    ['same', 'Ok'],
    ['same', 'Ok'],
    ['other', 'Ok'],
  ]);
  const ids = records.map((record) => JSON.parse(Buffer.from(String(record.data), 'base64').toString()).booking_id);
  expect(ids).toEqual(['b-0', 'b-1', 'b-2']);
  injected(context);
});

test('a clock that jumps by 15 minutes to and fro puts every row once, in the folder of the day that it came', async (context) => {
  const draw = seeded(14);
  const midnight = Date.UTC(2026, 11, 31, 23, 59, 30);
  const jumping = () => midnight + Math.floor((draw() - 0.5) * 1_800_000);
  const { transform, store } = await aTransform(() => new Date(jumping()));
  let answered = 0;
  for (let n = 0; n < 40; n += 1) {
    const { records } = batch([`${n}`], n % 2 === 0 ? {} : { num_passengers: 99 });
    const answer = await transform({
      records: records.map((record) => ({ ...record, approximateArrivalTimestamp: jumping() })),
    });
    answered += answer.records.filter(({ result }) => result === 'Ok').length;
    injected(context);
  }
  const entries = await listEntries(store, 'bookings');
  expect(answered).toBe(20);
  expect(entries.reduce((sum, entry) => sum + entry.rowsIn, 0)).toBe(20);
  for (const { ingestDate, receivedAt, rejectedFiles } of entries) {
    expect(ingestDate).toBe(receivedAt.slice(0, 10));
    for (const { key } of rejectedFiles) expect(key).toContain(`ingest_date=${ingestDate}/`);
  }
  expect(new Set(entries.map(({ ingestDate }) => ingestDate))).toEqual(new Set(['2026-12-31', '2027-01-01']));
});

function batch(ids: readonly string[], changes: object = {}): FirehoseEvent {
  return {
    records: ids.map((recordId, n) => ({
      recordId,
      approximateArrivalTimestamp: 1.7e12,
      data: Buffer.from(JSON.stringify({ booking_id: `b-${n}`, ...A_BOOKING, ...changes })).toString('base64'),
    })),
  };
}

let lakes = 0;
async function aTransform(now = () => new Date('2026-01-02T03:04:05.678Z')) {
  const store = await openFileStore(join(root, `lake-${lakes++}`));
  const transform = transformEvents({ plan, store, loadPseudonymKey: async () => TEST_KEY, now, report: () => {} });
  return { transform, store };
}
