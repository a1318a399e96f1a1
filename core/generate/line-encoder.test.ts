import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GeneratedColumn, TextFormat } from './dataset-generator.ts';
import { csvCell, lineEncoder } from './line-encoder.ts';

const texts = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 5 });

test('a row of JSON has the texts that the codes stand for', () => {
  fc.assert(
    fc.property(texts, texts, fc.nat(), fc.nat(), (first, second, a, b) => {
      const columns = [column('a', 'string', [...first, ''], a), column('b', 'string', second, b)];
      const expected = { a: textOf(columns[0]) === '' ? null : textOf(columns[0]), b: textOf(columns[1]) };
      expect(JSON.parse(encode(columns, 'jsonl'))).toEqual(expected);
    }),
  );
});

test('numbers and truths are such in JSON', () => {
  const columns = [column('n', 'number', ['8.83'], 0), column('yes', 'boolean', ['0', '1'], 1)];
  expect(encode(columns, 'jsonl')).toBe('{"n":8.83,"yes":true}\n');
  expect(encode(columns, 'csv')).toBe('8.83,1\n');
});

test('the parts of a column make one text, and one null', () => {
  const parts = (code: number) => [column('id', 'string', ['U1', ''], code, ['23', ''])];
  expect(encode(parts(0), 'jsonl')).toBe('{"id":"U123"}\n');
  expect(encode(parts(1), 'jsonl')).toBe('{"id":null}\n');
  expect(encode(parts(1), 'csv')).toBe('\n');
});

test('a cell is quoted only where it has to be', () => {
  expect(['plain', 'a,b', 'say "a"', 'two\nlines'].map(csvCell)).toEqual([
    'plain',
    '"a,b"',
    '"say ""a"""',
    '"two\nlines"',
  ]);
});

function column(
  name: string,
  json: GeneratedColumn['json'],
  list: string[],
  code: number,
  more?: string[],
): GeneratedColumn {
  const part = (all: string[]) => ({ codes: Uint16Array.of(code % all.length), texts: all });
  return { name, json, parts: more === undefined ? [part(list)] : [part(list), part(more)] };
}

function textOf(found: GeneratedColumn | undefined): string {
  return (found?.parts ?? []).map(({ codes, texts }) => texts[codes[0] as number]).join('');
}

function encode(columns: GeneratedColumn[], format: TextFormat): string {
  const encoder = lineEncoder(columns, format);
  const out = Buffer.alloc(encoder.maxLineBytes);
  return out.toString('utf8', 0, encoder.open({ rows: 1, columns })(0, 1, out, 0));
}
