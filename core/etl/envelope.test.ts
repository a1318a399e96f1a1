import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FirehoseEvent, type FirehoseResult, recordIdsOf, responseBudget } from './envelope.ts';

test('an answer never has more bytes than its budget, whatever its ids and data', () => {
  const record = fc.record({
    recordId: fc.string({ unit: 'binary' }),
    data: fc.string({ maxLength: 300 }),
    ok: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(record), fc.nat(3000), (records, extra) => {
      const ids = records.map(({ recordId }) => recordId);
      const bare = ids.map((recordId): FirehoseResult => ({ recordId, result: 'ProcessingFailed' }));
      const limit = sizeOf(bare) + 1 + extra;
      const budget = responseBudget(ids, limit);
      const answer = records.map(({ recordId, data, ok }): FirehoseResult => {
        const base64 = Buffer.from(data).toString('base64');
        if (ok && budget.takeOk(base64)) return { recordId, result: 'Ok', data: base64 };
        if (!ok && budget.takeFailed(data)) return { recordId, result: 'ProcessingFailed', data };
        return { recordId, result: 'ProcessingFailed' };
      });
      expect(sizeOf(answer)).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 1000 },
  );
});

test('the ids that Firehose gives to 20,000 records leave most of an answer to the data', () => {
  const budget = responseBudget(Array.from({ length: 20_000 }, (_, n) => String(n).padStart(56, '4')));
  expect(budget.takeOk('x'.repeat(4_000_000))).toBe(true);
});

test('fails before any work when the ids alone do not fit', () => {
  expect(() => responseBudget(Array.from({ length: 20_000 }, () => 'x'.repeat(300)))).toThrow(
    'answer to 20000 records needs 6880014 bytes for their ids alone',
  );
});

test('ids are echoed as they are, repeated ones too', () => {
  expect(recordIdsOf(eventOf('a', 'a', '', 'ü\u0000'))).toEqual(['a', 'a', '', 'ü\u0000']);
});

test('fails clearly on what is no Firehose event', () => {
  const wrong = (event: unknown) => () => recordIdsOf(event as FirehoseEvent);
  for (const event of [undefined, null, {}, { records: 7 }]) expect(wrong(event)).toThrow('event has no records');
  for (const recordId of [undefined, null, 7, {}]) {
    expect(wrong({ records: [{ recordId: 'a' }, { recordId }] })).toThrow('record 1 has a recordId of type');
  }
  expect(wrong({ records: [null] })).toThrow('record 0 has a recordId of type undefined, expected a string');
});

function eventOf(...ids: string[]): FirehoseEvent {
  return { records: ids.map((recordId) => ({ recordId, data: '' })) };
}

function sizeOf(records: readonly FirehoseResult[]): number {
  return Buffer.byteLength(JSON.stringify({ records }));
}
