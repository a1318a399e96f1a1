import type { BrokenKind, Change, TextFormat } from '../../../core/generate/dataset-generator.ts';

const ANY: readonly TextFormat[] = ['csv', 'jsonl', 'json'];
const LINES: readonly TextFormat[] = ['csv', 'jsonl'];
const CSV: readonly TextFormat[] = ['csv'];
const JSONL: readonly TextFormat[] = ['jsonl'];

const FULL_DAYS: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};

/** The ways in which a booking can be broken, and what the lake must make of each. */
export const BROKEN_KINDS: readonly BrokenKind[] = [
  rejected('empty required cell', 'num_passengers:missing', ANY, cell('num_passengers', '')),
  rejected('empty required text', 'booking_origin:missing', ANY, cell('booking_origin', '')),
  rejected('text in a number', 'purchase_lead:type', ANY, cell('purchase_lead', 'soon')),
  rejected('fraction in a whole number', 'num_passengers:type', ANY, cell('num_passengers', '1.5')),
  rejected('hexadecimal number', 'length_of_stay:type', ANY, cell('length_of_stay', '0x10')),
  rejected('number beyond 64 bits', 'length_of_stay:type', ANY, cell('length_of_stay', '99999999999999999999999')),
  rejected('number below its range', 'num_passengers:minimum', ANY, cell('num_passengers', '0')),
  rejected('number above its range', 'purchase_lead:maximum', ANY, cell('purchase_lead', '1001')),
  rejected('hour 24', 'flight_hour:maximum', ANY, cell('flight_hour', '24')),
  rejected('infinite number', 'flight_duration:type', ANY, cell('flight_duration', '1e999')),
  rejected('not a number', 'flight_duration:type', ANY, cell('flight_duration', 'NaN')),
  rejected('unknown channel', 'sales_channel:enum', ANY, cell('sales_channel', 'Fax')),
  rejected('unknown weekday', 'flight_day:enum', ANY, cell('flight_day', 'Xyz')),
  rejected('unknown truth', 'wants_extra_baggage:type', ANY, cell('wants_extra_baggage', 'maybe')),
  rejected('half a route', 'route:pattern', ANY, { column: 'route', to: (route) => route.slice(0, 3) }),
  rejected('very long text', 'booking_origin:too_long', ANY, cell('booking_origin', 'A'.repeat(5000))),
  rejected('impossible date', 'event_time:type', ANY, cell('event_time', '2026-02-30T10:00:00Z')),
  rejected(
    'missing cell',
    'row:fields',
    CSV,
    bytes((line) => line.subarray(0, line.lastIndexOf(0x2c))),
  ),
  rejected(
    'extra cell',
    'row:fields',
    CSV,
    bytes((line) => Buffer.concat([line, Buffer.from(',extra')])),
  ),
  rejected(
    'unterminated quote',
    'row:quote',
    CSV,
    text((line) => `"${line}`),
  ),
  rejected(
    'broken quote',
    'row:quote',
    CSV,
    text((line) => line.replace(/,(\w+)/, ',"$1"x')),
  ),
  rejected(
    'NUL byte',
    'row:nul',
    CSV,
    text((line) => line.replace(',', '\0,')),
  ),
  rejected('invalid byte', 'row:encoding', LINES, bytes(withInvalidByte)),
  rejected(
    'torn JSON',
    'row:json',
    JSONL,
    bytes((line) => line.subarray(0, line.length >> 1)),
  ),
  rejected(
    'JSON that is no object',
    'row:json',
    JSONL,
    bytes(() => Buffer.from('[1,2]')),
  ),

  repaired('decimal comma', 'flight_duration_decimal_comma', { column: 'flight_duration', to: withDecimalComma }),
  repaired('full weekday', 'flight_day_full_name', { column: 'flight_day', to: (day) => FULL_DAYS[day] as string }),
  repaired('lower-case route', 'route_upper_case', { column: 'route', to: (route) => route.toLowerCase() }),
  repaired('spaces around a text', 'booking_origin_trim', { column: 'booking_origin', to: (origin) => `  ${origin} ` }),

  accepted('spaces around a number', ANY, { column: 'purchase_lead', to: (lead) => ` ${lead} ` }),
  accepted('truth as a word', ANY, { column: 'booking_complete', to: (flag) => (flag === '1' ? 'Yes' : 'no') }),
  accepted('formula as a text', ANY, cell('booking_origin', '=HYPERLINK("http://example.invalid")')),
  accepted(
    'name of a prototype',
    JSONL,
    text((line) => line.replace('{', '{"__proto__":{"a":1},')),
  ),
  { ...accepted('repeated line', LINES, 'repeat'), without: ['booking_id'] },
  { ...accepted('repeated key', LINES, 'repeat'), outcome: 'duplicate', needs: ['booking_id'] },
];

function rejected(name: string, reason: string, formats: readonly TextFormat[], change: Change): BrokenKind {
  return { name, outcome: 'rejected', by: reason, formats, change };
}

function repaired(name: string, rule: string, change: Change): BrokenKind {
  return { name, outcome: 'repaired', by: rule, formats: ANY, change };
}

function accepted(name: string, formats: readonly TextFormat[], change: Change): BrokenKind {
  return { name, outcome: 'accepted', formats, change };
}

function cell(column: string, text: string): Change {
  return { column, to: () => text };
}

function bytes(line: (line: Buffer) => Buffer): Change {
  return { line };
}

function text(change: (line: string) => string): Change {
  return { line: (line) => Buffer.from(change(line.toString('utf8')), 'utf8') };
}

/** `8.83` to `8,83` and `7` to `7,0`. */
function withDecimalComma(duration: string): string {
  return duration.includes('.') ? duration.replace('.', ',') : `${duration},0`;
}

/** A byte that UTF-8 never has, after a letter of two bytes that shows the file to be UTF-8 and not Latin-1. */
function withInvalidByte(line: Buffer): Buffer {
  const at = line.indexOf('ternet') === -1 ? line.indexOf('obile') : line.indexOf('ternet');
  return Buffer.concat([line.subarray(0, at), Buffer.from([0xc3, 0xa9, 0xff]), line.subarray(at)]);
}
