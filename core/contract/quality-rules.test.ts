import { expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { ecommerceEvents } from '../../test/fixtures/ecommerce-events.ts';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { qualityDqdl } from './quality-dqdl.ts';
import { qualityRules } from './quality-rules.ts';

test('the rules of bookings in DQDL', () => {
  expect(qualityDqdl(bookings)).toMatchInlineSnapshot(`
    "Rules = [
        RowCount > 0,
        CustomSql "select count(*) from (select \`booking_id\` from primary group by \`booking_id\` having count(*) > 1)" = 0,
        (RowCount = 0) or (IsComplete "booking_id"),
        ColumnValues "booking_id" matches "^[A-Za-z0-9._:-]{1,64}\\z" where "booking_id is not null",
        ColumnValues "customer_id" matches "^[1-9A-Za-z][A-Za-z0-9_-]{21}\\z" where "customer_id is not null",
        (RowCount = 0) or (IsComplete "num_passengers"),
        ColumnValues "num_passengers" >= 1 where "num_passengers is not null",
        ColumnValues "num_passengers" <= 9 where "num_passengers is not null",
        (RowCount = 0) or (IsComplete "sales_channel"),
        ColumnValues "sales_channel" in ["Internet", "Mobile"] where "sales_channel is not null",
        (RowCount = 0) or (IsComplete "trip_type"),
        ColumnValues "trip_type" in ["RoundTrip", "OneWay", "CircleTrip"] where "trip_type is not null",
        (RowCount = 0) or (IsComplete "purchase_lead"),
        ColumnValues "purchase_lead" >= 0 where "purchase_lead is not null",
        ColumnValues "purchase_lead" <= 1000 where "purchase_lead is not null",
        (RowCount = 0) or (IsComplete "length_of_stay"),
        ColumnValues "length_of_stay" >= 0 where "length_of_stay is not null",
        ColumnValues "length_of_stay" <= 1000 where "length_of_stay is not null",
        (RowCount = 0) or (IsComplete "flight_hour"),
        ColumnValues "flight_hour" >= 0 where "flight_hour is not null",
        ColumnValues "flight_hour" <= 23 where "flight_hour is not null",
        (RowCount = 0) or (IsComplete "flight_day"),
        ColumnValues "flight_day" in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] where "flight_day is not null",
        (RowCount = 0) or (IsComplete "route"),
        ColumnValues "route" matches "^[A-Z]{6}\\z" where "route is not null",
        (RowCount = 0) or (IsComplete "booking_origin"),
        ColumnLength "booking_origin" >= 1 where "booking_origin is not null",
        ColumnLength "booking_origin" <= 100 where "booking_origin is not null",
        (RowCount = 0) or (IsComplete "wants_extra_baggage"),
        (RowCount = 0) or (IsComplete "wants_preferred_seat"),
        (RowCount = 0) or (IsComplete "wants_in_flight_meals"),
        (RowCount = 0) or (IsComplete "flight_duration"),
        ColumnValues "flight_duration" >= 0.1 where "flight_duration is not null",
        ColumnValues "flight_duration" <= 24 where "flight_duration is not null",
        (RowCount = 0) or (IsComplete "booking_complete"),
        (RowCount = 0) or (IsComplete "ingested_at"),
        (RowCount = 0) or (IsComplete "source"),
        ColumnValues "source" in ["batch", "stream"] where "source is not null",
        ColumnValues "source_checksum" matches "^[0-9a-f]{64}\\z" where "source_checksum is not null",
        ColumnValues "source_line" >= 1 where "source_line is not null"
    ]"
  `);
});

test('keys and the lengths of lists are counted by queries', () => {
  const lines = [...qualityDqdl(ecommerceEvents).split('\n'), ...qualityDqdl(jobOffers).split('\n')];
  expect(lines.filter((line) => line.includes('CustomSql'))).toMatchInlineSnapshot(`
    [
      "    CustomSql "select count(*) from (select \`source_checksum\`, \`source_line\` from primary group by \`source_checksum\`, \`source_line\` having count(*) > 1)" = 0,",
      "    CustomSql "select count(*) from (select \`offer_id\` from primary group by \`offer_id\` having count(*) > 1)" = 0,",
      "    CustomSql "select count(*) from primary where size(\`skills\`) > 50" = 0,",
      "    CustomSql "select count(*) from primary where size(\`places\`) > 20" = 0,",
    ]
  `);
});

test('a null keeps every rule but completeness', () => {
  for (const line of qualityDqdl(jobOffers).split('\n')) {
    if (!/Column(Values|Length) "title"/.test(line)) continue;
    expect(line).toContain('where "title is not null"');
  }
});

test('the shortest text is counted in characters, so a pair of surrogates offends nobody', () => {
  const [column] = jobOffers.columns;
  const short = { ...jobOffers, columns: [{ ...column, minLength: 3 }] } as typeof jobOffers;
  expect(qualityRules(short)).toContainEqual(expect.objectContaining({ kind: 'no-shorter', length: 2 }));
});

test('a pattern that may stand anywhere in a text is made one of the whole text', () => {
  const [column] = jobOffers.columns;
  const loose = { ...jobOffers, columns: [{ ...column, pattern: '\\d|"x"' }] } as typeof jobOffers;
  expect(qualityDqdl(loose)).toContain(String.raw`matches "[\s\S]*(?:\d|\"x\")[\s\S]*" where`);
});

test('fails to say in DQDL a backslash before a quote', () => {
  const [column] = jobOffers.columns;
  const odd = { ...jobOffers, columns: [{ ...column, pattern: '\\\\"' }] } as typeof jobOffers;
  expect(() => qualityDqdl(odd)).toThrow(/DQDL cannot say .* a backslash stands before a quote/);
});
