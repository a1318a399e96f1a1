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
        IsPrimaryKey "booking_id",
        IsComplete "booking_id",
        ColumnValues "booking_id" matches "^[A-Za-z0-9._:-]{1,64}$",
        ColumnValues "customer_id" matches "^[1-9A-Za-z][A-Za-z0-9_-]{21}$" where "customer_id is not null",
        IsComplete "num_passengers",
        ColumnValues "num_passengers" >= 1,
        ColumnValues "num_passengers" <= 9,
        IsComplete "sales_channel",
        ColumnValues "sales_channel" in ["Internet", "Mobile"],
        IsComplete "trip_type",
        ColumnValues "trip_type" in ["RoundTrip", "OneWay", "CircleTrip"],
        IsComplete "purchase_lead",
        ColumnValues "purchase_lead" >= 0,
        ColumnValues "purchase_lead" <= 1000,
        IsComplete "length_of_stay",
        ColumnValues "length_of_stay" >= 0,
        ColumnValues "length_of_stay" <= 1000,
        IsComplete "flight_hour",
        ColumnValues "flight_hour" >= 0,
        ColumnValues "flight_hour" <= 23,
        IsComplete "flight_day",
        ColumnValues "flight_day" in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        IsComplete "route",
        ColumnValues "route" matches "^[A-Z]{6}$",
        IsComplete "booking_origin",
        ColumnLength "booking_origin" >= 1,
        ColumnLength "booking_origin" <= 100,
        IsComplete "wants_extra_baggage",
        IsComplete "wants_preferred_seat",
        IsComplete "wants_in_flight_meals",
        IsComplete "flight_duration",
        ColumnValues "flight_duration" >= 0.1,
        ColumnValues "flight_duration" <= 24,
        IsComplete "booking_complete",
        IsComplete "ingested_at",
        IsComplete "source",
        ColumnValues "source" in ["batch", "stream"],
        ColumnValues "source_checksum" matches "^[0-9a-f]{64}$" where "source_checksum is not null",
        ColumnValues "source_line" >= 1 where "source_line is not null"
    ]"
  `);
});

test('a key that may hold a null and the length of a list are counted by queries', () => {
  const lines = [...qualityDqdl(ecommerceEvents).split('\n'), ...qualityDqdl(jobOffers).split('\n')];
  expect(lines.filter((line) => line.includes('CustomSql'))).toMatchInlineSnapshot(`
    [
      "    CustomSql "select count(*) from (select \`source_checksum\`, \`source_line\` from primary group by \`source_checksum\`, \`source_line\` having count(*) > 1)" = 0,",
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
