import { Buffer } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { decodeRecord } from '../core/etl/decode-record.ts';
import type { FirehoseEvent, FirehoseRecord, FirehoseResponse } from '../core/etl/envelope.ts';
import { pseudonymKey } from '../core/etl/pseudonym.ts';
import { transformBatch, transformTools } from '../core/etl/transform-batch.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import type { ObjectStore } from '../core/ports.ts';
import { datasetNamed } from '../datasets/index.ts';
import { transformEvents } from '../lambdas/transform/transform-events.ts';
import { openFileStore } from '../local/file-store.ts';
import { A_BOOKING } from './a-booking.ts';
import { jsonRow } from './stream-rows.ts';

const plan = datasetNamed('bookings');
const key = pseudonymKey(1, Buffer.alloc(32, 7));
const tools = transformTools(plan, key);
const NOW = new Date('2026-01-02T03:04:05.678Z');
const CANARY = 'U512-canary-000001';
/** Most that Lambda passes on. */
const MOST_BYTES = 6_291_556;

test('every record has one result in order, and every row is answered, kept or rejected', () => {
  const record = fc.record({
    rows: fc.array(
      jsonRow(plan).filter((json) => !json.includes('\n')),
      { maxLength: 5 },
    ),
    gzip: fc.boolean(),
    form: fc.constantFrom('lines', 'array'),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), (records) => {
      const event = eventOf(records.map(({ rows, gzip, form }) => packed(rows, form, gzip)));
      const { response, rejections, overflow, counts } = transformBatch(event, { ...tools, now: NOW });
      expect(response.records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId));
      expect(response.records.every(({ result }) => result === 'Ok' || result === 'ProcessingFailed')).toBe(true);
      expect(counts.rowsIn).toBe(linesIn(response) + overflow.length + rejections.length);
      expect(counts.answered).toBe(linesIn(response));
      expect(counts.rowsIn).toBe(event.records.reduce((sum, { data }) => sum + rowsWithin(data), 0));
    }),
    { numRuns: 500 },
  );
});

test('a record of good and bad rows is answered with the good ones, and the bad ones are rejected with their text', () => {
  const bad = '{"booking_id":"b-2"}';
  const { response, rejections } = transformBatch(eventOf([packed([aBooking('b-1'), bad, aBooking('b-3')])]), {
    ...tools,
    now: NOW,
  });
  const lines = textOf(response.records[0]).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).booking_id)).toEqual(['b-1', 'b-3']);
  expect(rejections.map(({ raw, reason }) => [raw, reason])).toEqual([[bad, 'num_passengers:missing']]);
});

test('a record without a good row is failed with its own data, never dropped', () => {
  const [data] = [packed(['{"booking_id":7}', 'nonsense'])];
  const { response, counts } = transformBatch(eventOf([data]), { ...tools, now: NOW });
  expect(response.records).toEqual([{ recordId: 'id-0', result: 'ProcessingFailed', data }]);
  expect(counts.rejected).toBe(2);
});

test('an answer never exceeds 6 MB, from 1 to 20,000 records, and what does not fit is kept', () => {
  const small = packed(['{}']);
  const large = gzipped(Array.from({ length: 400 }, (_, n) => aBooking(`b-${n}`)));
  const broken = Buffer.from('x'.repeat(300_000)).toString('base64');
  const batches: FirehoseEvent[] = [
    eventOf([packed(Array.from({ length: 20_000 }, (_, n) => aBooking(`b-${n}`)))]),
    eventOf(Array.from({ length: 20_000 }, () => small)),
    eventOf(Array.from({ length: 60 }, () => large)),
    eventOf([...Array.from({ length: 20 }, () => broken), ...Array.from({ length: 30 }, () => large)]),
    eventOf(
      Array.from({ length: 20_000 }, () => small),
      (n) => `é${String(n).padStart(120, '4')}`,
    ),
  ];
  for (const event of batches) {
    const { response, overflow, counts, rejections } = transformBatch(event, { ...tools, now: NOW });
    expect(response.records).toHaveLength(event.records.length);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThanOrEqual(MOST_BYTES);
    expect(counts.rowsIn).toBe(linesIn(response) + overflow.length + rejections.length);
  }
});

test('no customer id leaves the transform as it came, not even in a reason', () => {
  const rows = [
    aBooking('b-1', { customer_id: CANARY }),
    aBooking('b-2', { customer_id: CANARY, num_passengers: 99 }),
    aBooking('b-3', { customer_id: `${CANARY}\u0000` }),
    aBooking('b-4', { customer_id: [CANARY] }),
    aBooking('b-5', { customer_id: { id: CANARY } }),
  ];
  const { response, rejections } = transformBatch(eventOf([packed(rows)]), { ...tools, now: NOW });
  const said = [...response.records.map(textOf), ...rejections.map(({ raw, ...said }) => said.message + said.reason)];
  expect(said.join()).not.toContain(CANARY);
  expect(rejections).toHaveLength(4);
});

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

test('a batch that is sent again, also after a failed write, has one effect', async () => {
  const store = await aStore();
  const event = eventOf([packed([aBooking('b-1'), '{"booking_id":7}']), packed(['nonsense'])]);
  const first = await handlerOn(store)(event);
  expect(await handlerOn(store)(event)).toEqual(first);
  expect((await listEntries(store, 'bookings')).map(({ rowsIn, rejected }) => [rowsIn, rejected])).toEqual([[2, 2]]);
});

test('fails where a write fails, so that the batch is sent again, and then has the one effect', async () => {
  const store = await aStore();
  const event = eventOf([packed(['nonsense'])]);
  for (const failing of ['rejected', 'processed']) {
    const broken: ObjectStore = Object.assign(Object.create(store), {
      put: (...args: Parameters<ObjectStore['put']>) =>
        args[0] === failing ? Promise.reject(new Error('503 slow down')) : store.put(...args),
    });
    await expect(handlerOn(broken)(event)).rejects.toThrow('503 slow down');
    expect(await listEntries(store, 'bookings')).toEqual([]);
  }
  await handlerOn(store)(event);
  expect(await listEntries(store, 'bookings')).toHaveLength(1);
});

test('rows for which the answer has no room are in processed/, named by the ledger', async () => {
  const store = await aStore();
  const rows = Array.from({ length: 20_000 }, (_, n) => aBooking(`b-${String(n).padStart(5, '0')}`));
  const response = await handlerOn(store)(eventOf([gzipped(rows)]));
  expect(response.records.map(({ result }) => result)).toEqual(['ProcessingFailed']);
  const [entry] = await listEntries(store, 'bookings');
  expect(entry).toMatchObject({ rowsIn: 20_000, accepted: 20_000, duplicates: 0, keyRange: ['b-00000', 'b-19999'] });
  expect(entry?.files.map((file) => file.rows)).toEqual([20_000]);
});

function handlerOn(store: ObjectStore) {
  return transformEvents({ plan, store, loadPseudonymKey: async () => key, now: () => NOW, report: () => {} });
}

async function aStore() {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-transform-'));
  folders.push(folder);
  return openFileStore(folder);
}

function eventOf(data: readonly string[], idOf = (n: number) => `id-${n}`): FirehoseEvent {
  const records = data.map(
    (one, n): FirehoseRecord => ({ recordId: idOf(n), data: one, approximateArrivalTimestamp: 1.7e12 }),
  );
  return { records };
}

function packed(rows: readonly string[], form = 'lines', gzip = false): string {
  const bytes = Buffer.from(form === 'lines' ? rows.join('\n') : `[${rows.join(',')}]`);
  return (gzip ? gzipSync(bytes) : bytes).toString('base64');
}

function gzipped(rows: readonly string[]): string {
  return packed(rows, 'lines', true);
}

function linesIn({ records }: FirehoseResponse): number {
  return records.reduce((sum, result) => sum + textOf(result).split('\n').length - 1, 0);
}

function rowsWithin(data: string): number {
  const { rows, faults } = decodeRecord(data, { bytes: 1e9, rows: 1e9 });
  return rows.length + faults.length;
}

function textOf(result: { readonly result: string; readonly data?: string } | undefined): string {
  return result?.result === 'Ok' ? Buffer.from(result.data ?? '', 'base64').toString('utf8') : '';
}

function aBooking(id: string, changes: object = {}): string {
  return JSON.stringify({
    booking_id: id,
    customer_id: 'U512000001',
    ...A_BOOKING,
    ...changes,
  });
}
