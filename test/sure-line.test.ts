import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { compileRowEncoder } from '../core/etl/encode-row.ts';
import { compilePseudonymiser, pseudonymKey } from '../core/etl/pseudonym.ts';
import { compileRowReader } from '../core/etl/read-row.ts';
import { compileSureLine } from '../core/etl/sure-line.ts';
import { datasetNamed } from '../datasets/index.ts';
import { jsonRow } from './stream-rows.ts';

const key = pseudonymKey(7, Buffer.alloc(32, 7));
const AT = '2026-01-02T03:04:05.678Z';

test('the short way of a row says what the row reader and the encoder say, or nothing', () => {
  const plan = datasetNamed('bookings');
  let sure = 0;
  fc.assert(
    fc.property(jsonRow(plan), (json) => {
      const line = compiled(plan).sureLine(json, AT);
      if (line === undefined) return;
      sure++;
      expect(line).toBe(compiled(plan).longWay(json));
    }),
    { numRuns: 20_000 },
  );
  expect(sure).toBeGreaterThan(2000);
});

test('a booking as senders give it goes the short way', () => {
  const json = JSON.stringify({
    booking_id: 'b-1',
    customer_id: 'U512000001',
    event_time: '2026-01-01T10:00:00.000Z',
    num_passengers: 2,
    sales_channel: 'Mobile',
    trip_type: 'RoundTrip',
    purchase_lead: 30,
    length_of_stay: 7,
    flight_hour: 9,
    flight_day: 'Mon',
    route: 'AKLKUL',
    booking_origin: 'Réunion',
    wants_extra_baggage: 1,
    wants_preferred_seat: 0,
    wants_in_flight_meals: true,
    flight_duration: 5.5,
    booking_complete: false,
  });
  const plan = datasetNamed('bookings');
  expect(compiled(plan).sureLine(json, AT)).toBe(compiled(plan).longWay(json));
});

const cache = new Map<DatasetPlan, ReturnType<typeof compile>>();

function compiled(plan: DatasetPlan) {
  const found = cache.get(plan) ?? compile(plan);
  cache.set(plan, found);
  return found;
}

function compile(plan: DatasetPlan) {
  const pseudonymise = compilePseudonymiser(key);
  const reader = compileRowReader(plan, { pseudonymise });
  const encode = compileRowEncoder(plan);
  return {
    sureLine: compileSureLine(plan, pseudonymise),
    longWay(json: string) {
      const { row, cleaned } = reader.readJson(json, { source: 'stream', ingestedAt: AT }) as {
        row?: never;
        cleaned?: string[];
      };
      return row === undefined || cleaned?.length !== 0 ? 'refused or repaired' : encode(row);
    },
  };
}
