import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord } from './decode-record.ts';

const LIMITS = { bytes: 1_000_000, rows: 10_000 };

function decode(bytes: string | Uint8Array, limits = LIMITS) {
  return decodeRecord(Buffer.from(bytes as string).toString('base64'), limits);
}

function rowsOf(text: string): unknown[] {
  const { rows, faults } = decode(text);
  expect(faults).toEqual([]);
  return rows.map((row) => JSON.parse(row));
}

const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 });
const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

describe('however rows are put into a record, the same rows come out', () => {
  const forms: Record<string, (texts: readonly string[], space: string) => string> = {
    lines: (texts, space) => `${texts.join(`${space}\n`)}${space}`,
    'CRLF lines': (texts) => texts.join('\r\n'),
    'objects one after the other': (texts, space) => texts.join(space),
    'an array': (texts, space) => `${space}[${space}${texts.join(`${space},${space}`)}${space}]`,
    'two arrays': (texts) => `[${texts.join(',')}]\n[]`,
    'an array and an object': (texts) => `[${texts.slice(1).join(',')}]${texts[0]}`,
  };
  for (const [name, put] of Object.entries(forms)) {
    test(name, () => {
      fc.assert(
        fc.property(rows, blank, fc.constantFrom(0, 2), (objects, space, indent) => {
          const text = put(
            objects.map((object) => JSON.stringify(object, null, indent)),
            space,
          );
          const expected = name.startsWith('an array and') ? [...objects.slice(1), objects[0]] : objects;
          expect(rowsOf(text)).toEqual(expected.map((object) => JSON.parse(JSON.stringify(object))));
          expect(decode(gzipSync(text)).rows).toEqual(decode(text).rows);
        }),
      );
    });
  }
});

test('a byte order mark is no part of the first row', () => {
  expect(rowsOf('\ufeff{"a":1}')).toEqual([{ a: 1 }]);
});

test('a gzip of several members is one text', () => {
  expect(decode(Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}')])).rows).toEqual(['{"a":1}', '{"a":2}']);
});

test('a broken line spoils no other line', () => {
  expect(decode('{"a":1}\n{"a":2\n{"a":3}{"a":4}\nnonsense\n').rows).toEqual([
    '{"a":1}',
    '{"a":2',
    '{"a":3}',
    '{"a":4}',
    'nonsense',
  ]);
});

test('a broken element of an array spoils no other', () => {
  expect(decode('[{"a":1}, {"a":}, 7, "x,]", [1,2], ]').rows.map((row) => row.trim())).toEqual([
    '{"a":1}',
    '{"a":}',
    '7',
    '"x,]"',
    '[1,2]',
    '',
  ]);
});

test('brackets, quotes and backslashes within texts cut nothing', () => {
  const row = JSON.stringify({ a: '}{', b: '\\"}{', c: ['},{', ']'], d: { e: '\n[{' } });
  expect(decode(row + row).rows).toEqual([row, row]);
});

describe('fails as one row that keeps the bytes', () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['an empty record', '', 'row:json'],
    ['a blank record', ' \n\r\n\t', 'row:json'],
    ['an array without rows', '[ ]', 'row:json'],
    ['a torn gzip', gzipSync('{"a":1}').subarray(0, 20), 'row:encoding'],
    ['a gzip of more bytes than allowed', gzipSync(' '.repeat(LIMITS.bytes + 1)), 'row:too_long'],
    ['more bytes than allowed', ' '.repeat(LIMITS.bytes + 1), 'row:too_long'],
    ['more rows than allowed', '{}'.repeat(LIMITS.rows + 1), 'row:too_long'],
    ['an array of more rows than allowed', `[${',1'.repeat(LIMITS.rows)}]`, 'row:too_long'],
    ['more lines than allowed', '1\n'.repeat(LIMITS.rows + 1), 'row:too_long'],
  ];
  for (const [name, bytes, reason] of cases) {
    test(name, () => {
      const { rows, faults } = decode(bytes);
      expect(rows).toEqual([]);
      expect(faults.map((fault) => fault.reason)).toEqual([reason]);
      expect(Buffer.compare(Buffer.from(faults[0]?.bytes ?? []), Buffer.from(bytes as string))).toBe(0);
    });
  }

  test('what is not base64, or not there at all', () => {
    for (const data of ['{"a":1}', 'e30', 'e30=\n', '====']) {
      const { rows, faults } = decodeRecord(data, LIMITS);
      if (rows.length > 0) expect(data).toBe('e30');
      else expect(faults[0]?.bytes).toEqual(Buffer.from(data));
    }
    for (const data of [undefined, null, 7, {}]) expect(decodeRecord(data, LIMITS).faults).toHaveLength(1);
  });
});

test('a row that is not UTF-8 leaves the others of its record as they are', () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"é"}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"a":"😀"}')]);
  const { rows, faults } = decode(bytes);
  expect(rows).toEqual(['{"a":"é"}', '{"a":"😀"}']);
  expect(faults).toEqual([
    { reason: 'row:encoding', message: 'row is not UTF-8', bytes: Buffer.from('{"a":"\xe9"}', 'latin1') },
  ]);
});

test('any bytes come out as rows and faults that hold every byte but white space and array punctuation', () => {
  const hostile = fc.array(
    fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', '\n', ' ', 'a', '\xff', '\x1f\x8b', ':'),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(hostile, (pieces) => {
      const bytes = Buffer.from(pieces.join(''), 'latin1');
      const { rows, faults } = decode(bytes);
      const kept = Buffer.concat([...rows.map((row) => Buffer.from(row)), ...faults.map((fault) => fault.bytes)]);
      const essence = (buffer: Buffer) => [...buffer.toString('latin1').replace(/[\s,[\]]/g, '')].sort().join('');
      expect(essence(kept)).toBe(essence(bytes));
    }),
    { numRuns: 3000 },
  );
});

test('deep nesting and long strings of brackets are cut in linear time', () => {
  const deep = `${'['.repeat(200_000)}`;
  const started = performance.now();
  for (const text of [
    deep,
    `{"a":${deep}`,
    '{'.repeat(200_000),
    '"\\'.repeat(100_000),
    '{"'.repeat(100_000),
    `[${'"'.repeat(200_001)}`,
  ]) {
    expect(decode(text).rows.length + decode(text).faults.length).toBeGreaterThan(0);
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

test.each(['{"a":"torn\n{"a":1}\n{"a":2}', '{"a":{"b":1\n{"a":1}\n{"a":2}}\n', '{"a":1\n{"a":1}\n{"a":2}'])(
  'a torn row swallows none of the rows behind it: %j',
  (text) => {
    expect(decode(text).rows.map((row) => row.trim())).toContain('{"a":1}');
  },
);
