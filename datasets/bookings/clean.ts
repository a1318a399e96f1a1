import type { CleanRule } from '../../core/contract/plan.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Repairs of what booking files are known to get wrong. What is not listed here is rejected, not guessed. */
export const clean: readonly CleanRule[] = [
  trim('sales_channel'),
  {
    name: 'sales_channel_case',
    column: 'sales_channel',
    description: 'Channels in lower or upper case.',
    kind: 'map',
    values: { internet: 'Internet', INTERNET: 'Internet', mobile: 'Mobile', MOBILE: 'Mobile' },
  },
  trim('trip_type'),
  {
    name: 'trip_type_spelling',
    column: 'trip_type',
    description: 'Trip types in lower case, or with a space or dash.',
    kind: 'map',
    values: {
      roundtrip: 'RoundTrip',
      'Round Trip': 'RoundTrip',
      'round-trip': 'RoundTrip',
      oneway: 'OneWay',
      'One Way': 'OneWay',
      'one-way': 'OneWay',
      circletrip: 'CircleTrip',
      'Circle Trip': 'CircleTrip',
      'circle-trip': 'CircleTrip',
    },
  },
  trim('flight_day'),
  {
    name: 'flight_day_full_name',
    column: 'flight_day',
    description: 'Weekdays by their full name.',
    kind: 'map',
    values: Object.fromEntries(WEEKDAYS.map((day) => [day, day.slice(0, 3)])),
  },
  trim('route'),
  { name: 'route_upper_case', column: 'route', description: 'Routes in lower case.', kind: 'upper' },
  trim('booking_origin'),
  {
    name: 'booking_origin_one_name',
    column: 'booking_origin',
    description: 'Two names of one country become one. "(not set)" is a real value and stays.',
    kind: 'map',
    values: { 'Czech Republic': 'Czechia', 'Myanmar (Burma)': 'Myanmar' },
  },
  {
    name: 'flight_duration_decimal_comma',
    column: 'flight_duration',
    description: 'A comma for the decimal point, as French spreadsheets write it.',
    kind: 'decimal-comma',
  },
];

function trim(column: string): CleanRule {
  return { name: `${column}_trim`, column, description: 'Spaces and tabs around the text.', kind: 'trim' };
}
