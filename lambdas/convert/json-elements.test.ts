import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameInChunks } from '../../test/framed-lines.ts';
import { JsonElements } from './json-elements.ts';

function elements(text: string, chunkBytes = 64 * 1024, maxBytes = 1024 * 1024): string[] {
  const lines = frameInChunks(Buffer.from(text, 'latin1'), chunkBytes, (out) => new JsonElements(maxBytes, out));
  return lines.map(({ bytes }) => bytes.toString('latin1'));
}

/** Reason and raw bytes of a rejected line. */
function rejected(line: string | undefined): [reason: string, raw: string, length: number] {
  const [reason = '', , length, raw = ''] = (line ?? '').split('\t');
  return [reason, Buffer.from(raw, 'base64').toString('latin1'), Number(length)];
}

describe('elements of a json array', () => {
  test('any array of objects gives one line for each, with the same value, whatever the chunks', () => {
    const anArray = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 });
    const property = fc.property(
      anArray,
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 1, max: 40 }),
      (array, indent, n) => {
        const text = Buffer.from(JSON.stringify(array, null, indent)).toString('latin1');
        const lines = elements(text, n).map((line) => Buffer.from(line, 'latin1').toString());
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(array)));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('any text is framed or refused alike in chunks of 1 to 7 bytes and in one', () => {
    const parts = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', ' ', '\n', 'a', '\0', '{"a":1}', '\xe9'),
    );
    const outcome = (text: string, chunkBytes: number) => {
      try {
        return elements(text, chunkBytes, 12);
      } catch (error) {
        return String(error);
      }
    };
    const property = fc.property(parts, fc.integer({ min: 1, max: 7 }), (some, n) => {
      const text = `[{"a":1},${some.join('')}]`;
      expect(outcome(text, n)).toEqual(outcome(text, 64 * 1024));
    });
    fc.assert(property, { numRuns: 600 });
  });

  test('numbers keep every digit and strings every byte', () => {
    expect(elements('[{"n": 12345678901234567890.10,\n"s":"\\u0000 , ] }"}]')).toEqual([
      '{"n": 12345678901234567890.10, "s":"\\u0000 , ] }"}',
    ]);
  });

  test('an empty array has no rows', () => {
    expect(elements(' [ \n ] \n')).toEqual([]);
  });

  test('an element that is not an object is rejected alone', () => {
    expect(
      elements('[1, {"a":1}, "x,]", [2,[3]], null]').map((line) =>
        line.startsWith('\x1d') ? rejected(line)[1] : line,
      ),
    ).toEqual(['1', '{"a":1}', '"x,]"', '[2,[3]]', 'null']);
  });

  test('an element nested deeper than 1000 is rejected alone', () => {
    const lines = elements(`[{"a":${'['.repeat(1500)}${']'.repeat(1500)}},{"b":1}]`);
    expect(rejected(lines[0])[0]).toBe('\x1drow:json');
    expect(lines[1]).toBe('{"b":1}');
    expect(elements(`[{"a":${'['.repeat(999)}${']'.repeat(999)}}]`)[0]).toMatch(/^\{/);
  });

  test('an element beyond the limit is rejected with its start and its true length', () => {
    expect(elements(`[{"a":1},{"b":"${'x'.repeat(50)}"},{"c":2}]`, 7, 10)).toEqual([
      '{"a":1}',
      expect.stringContaining('\x1drow:too_long\tthe element is longer than 10 bytes\t58\t'),
      '{"c":2}',
    ]);
  });

  test('a line break or control byte within a string is handed on exactly', () => {
    const [first, second] = elements('[{"a":"x\ny"},{"b":"\0"}]');
    expect(Buffer.from((first ?? '').slice(1), 'base64').toString()).toBe('{"a":"x\ny"}');
    expect(Buffer.from((second ?? '').slice(1), 'base64').toString()).toBe('{"b":"\0"}');
  });

  test('an element that is not UTF-8 is rejected alone', () => {
    expect(rejected(elements('[{"a":"\xe9"}]')[0])).toEqual(['\x1drow:encoding', '{"a":"\xe9"}', 9]);
  });

  test.each([
    ['[{"a":1}', "a torn json array, it ends without its ']' after element 1"],
    ['[{"a":1},{"b"', "a torn json array, it ends without its ']' in element 2"],
    ['[', "a torn json array, it ends without its ']' at its start"],
    ['[{"a":1}{"b":2}]', "a broken json array, '{' after element 1 where ',' or ']' was expected"],
    ['[{"a":1},]', "a broken json array, ']' after element 1 where an element was expected"],
    ['[,{"a":1}]', "a broken json array, ',' at its start where an element or ']' was expected"],
    ['[{"a":[1}]', "a broken json array, '}' in element 1 where ']' was expected"],
    ['[{"a":1}] x', "a broken json array, 'x' after its end where nothing more was expected"],
    ['[{"a":1}]\0', 'a broken json array, byte 0x0 after its end where nothing more was expected'],
  ])('fails on %j', (text, message) => {
    expect(() => elements(text)).toThrow(message);
  });
});
