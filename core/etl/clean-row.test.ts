import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { compileCleaner, trimAscii } from './clean-row.ts';

const cleaner = compileCleaner(bookings);

function clean(column: string, text: string) {
  const rules: string[] = [];
  return { text: cleaner.get(column)?.(text, rules) ?? text, rules };
}

describe('each cleaning rule of bookings repairs what it is for, and says so', () => {
  const CASES: Readonly<Record<string, readonly [column: string, from: string, to: string]>> = {
    sales_channel_trim: ['sales_channel', ' Mobile\t', 'Mobile'],
    sales_channel_case: ['sales_channel', 'INTERNET', 'Internet'],
    trip_type_trim: ['trip_type', 'OneWay ', 'OneWay'],
    trip_type_spelling: ['trip_type', 'Round Trip', 'RoundTrip'],
    flight_day_trim: ['flight_day', ' Sat', 'Sat'],
    flight_day_full_name: ['flight_day', 'Saturday', 'Sat'],
    route_trim: ['route', ' AKLDEL', 'AKLDEL'],
    route_upper_case: ['route', 'aklDEL', 'AKLDEL'],
    booking_origin_trim: ['booking_origin', ' France ', 'France'],
    booking_origin_one_name: ['booking_origin', 'Czech Republic', 'Czechia'],
    flight_duration_decimal_comma: ['flight_duration', '5,52', '5.52'],
  };

  test('there is a case for each rule', () => {
    expect(Object.keys(CASES).sort()).toEqual(bookings.clean.map(({ name }) => name).sort());
  });

  test.each(Object.entries(CASES))('%s', (rule, [column, from, to]) => {
    expect(clean(column, from)).toEqual({ text: to, rules: [rule] });
    expect(clean(column, to)).toEqual({ text: to, rules: [] });
  });
});

test('"(not set)" is a real origin and stays', () => {
  expect(clean('booking_origin', '(not set)')).toEqual({ text: '(not set)', rules: [] });
});

test.each(['1,234,5', ',5', '5,', 'a,b', '1,2.3'])(
  '%s is no decimal comma and stays for the check to refuse',
  (text) => {
    expect(clean('flight_duration', text)).toEqual({ text, rules: [] });
  },
);

test('rules of one column are applied in their order', () => {
  expect(clean('flight_day', ' Monday ')).toEqual({ text: 'Mon', rules: ['flight_day_trim', 'flight_day_full_name'] });
});

test('cleaning a clean text changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...cleaner.keys()), fc.string({ unit: 'binary' }), (column, text) => {
      const once = clean(column, text).text;
      expect(clean(column, once).text).toBe(once);
    }),
  );
});

test('a text of a million spaces is trimmed in linear time', () => {
  const text = `${' '.repeat(500_000)}x${' '.repeat(500_000)}y`;
  expect(trimAscii(text)).toBe(text.slice(500_000));
});
