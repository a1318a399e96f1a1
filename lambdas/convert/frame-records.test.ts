import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FramedLine, frameInChunks } from '../../test/framed-lines.ts';
import { RecordFramer } from './frame-records.ts';

const COMMA = 0x2c;

function frame(text: Buffer, chunkBytes: number, maxLineBytes = 1024 * 1024): readonly FramedLine[] {
  return frameInChunks(text, chunkBytes, (out) => new RecordFramer({ delimiter: COMMA, maxLineBytes }, out));
}

function framed(text: string, maxLineBytes?: number): string[] {
  return frame(Buffer.from(text), 64 * 1024, maxLineBytes).map(({ bytes }) => readable(bytes.toString()));
}

/** `\x1d` lines as `!reason raw`, `\x1c` lines as `?raw`, a placeholder as `^`. */
function readable(line: string): string {
  if (line === '\x1e') return '^';
  if (line.startsWith('\x1c')) return `?${decoded(line.slice(1)).toString()}`;
  if (!line.startsWith('\x1d')) return line;
  const [reason, , length, raw = ''] = line.slice(1).split('\t');
  const bytes = decoded(raw);
  return `!${reason} ${bytes.toString('latin1')}${bytes.length < Number(length) ? ` of ${length}` : ''}`;
}

function decoded(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** A straightforward reading of one record by RFC 4180. */
function cellsOf(record: string): string[] {
  const cells = [''];
  let quoted = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i] as string;
    const last = cells.length - 1;
    if (quoted && char === '"' && record[i + 1] === '"') {
      cells[last] += '"';
      i++;
    } else if (char === '"' && (quoted || cells[last] === '')) quoted = !quoted;
    else if (char === ',' && !quoted) cells.push('');
    else cells[last] += char;
  }
  return cells;
}

const aCell = fc.oneof(
  fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', 'a', ' ', 'é', '😀', '\t', '\0', '\x1e'),
    maxLength: 8,
  }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const aTable = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 0, max: 12 }))
  .chain(([width, height]) =>
    fc.array(fc.array(aCell, { minLength: width, maxLength: width }), { minLength: height, maxLength: height }),
  );

function written(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

describe('framing of records', () => {
  test('any table comes back with the same cells at its exact physical lines, whatever the chunks', () => {
    const anyEnd = fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 12, maxLength: 12 });
    const property = fc.property(aTable, anyEnd, fc.integer({ min: 1, max: 50 }), (table, ends, chunkBytes) => {
      const records = table.map((cells, i) => `${cells.map(written).join(',')}${ends[i]}`);
      let line = 1;
      const expected = table.map((cells, i) => {
        const place = line;
        line += (records[i] as string).split('\n').length - 1;
        return { line: place, cells: cells.map((cell) => cell.replaceAll('\r\n', '\n')) };
      });
      const lines = frame(Buffer.from(records.join('')), chunkBytes);
      expect(lines.length).toBe(line - 1);
      const found = lines
        .map((framedLine) => ({ line: framedLine.line, text: framedLine.bytes.toString() }))
        .filter(({ text }) => text !== '\x1e')
        .map(({ line: place, text }) => ({
          line: place,
          cells: cellsOf(text.startsWith('\x1c') ? decoded(text.slice(1)).toString() : text.replaceAll('\x1e', '\n')),
        }));
      expect(found).toEqual(expected);
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('any bytes give the same lines in chunks of 1 to 7 bytes as in one', () => {
    const nasty = fc.array(
      fc.constantFrom('"', '"', ',', ',', '\n', '\n', '\r\n', '\r', 'a', 'bcd', '\xc3\xa9', '\xe9', '\0', '\t'),
      { maxLength: 120 },
    );
    const property = fc.property(
      nasty,
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(4, 16, 4096),
      (parts, n, max) => {
        const text = Buffer.from(parts.join(''), 'latin1');
        expect(frame(text, n, max)).toEqual(frame(text, 64 * 1024, max));
      },
    );
    fc.assert(property, { numRuns: 600 });
  });

  test('any bytes give one line for each physical line', () => {
    const bytes = fc.array(fc.constantFrom('"', ',', '\n', 'a', '\0', '\xe9'), { maxLength: 200 });
    const property = fc.property(bytes, (parts) => {
      const text = parts.join('');
      const physical = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
      expect(frame(Buffer.from(text, 'latin1'), 64).length).toBe(physical);
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('an unterminated quote swallows no row below it', () => {
    expect(framed('1,"x\n2,y\n"3",z\n')).toEqual(['!row:quote 1,"x', '2,y', '"3",z']);
    expect(framed('1,"x\n2,y\n3,z')).toEqual(['!row:quote 1,"x', '2,y', '3,z']);
  });

  test('text after a closing quote rejects its physical line alone', () => {
    expect(framed('1,"x"y\n2,"a\nb"c\n3,z\n')).toEqual(['!row:quote 1,"x"y', '!row:quote 2,"a', 'b"c', '3,z']);
  });

  test('a quoted value beyond the limit rejects its first line and keeps the rest', () => {
    expect(framed('1,"x\n22\n33\n44\n55\n66\n"\n', 10)).toEqual([
      '!row:quote 1,"x',
      '22',
      '33',
      '44',
      '55',
      '66',
      '!row:quote "',
    ]);
  });

  test('a file whose every line opens a quote is framed in linear time', () => {
    const lines = 300_000;
    const started = performance.now();
    expect(frame(Buffer.from('a","b\n'.repeat(lines)), 64 * 1024).length).toBe(lines);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('a quote within an unquoted cell is a character like any other', () => {
    expect(framed('1,5" disk\n')).toEqual(['1,5" disk']);
  });

  test('a line break within quotes becomes one record and a placeholder', () => {
    expect(framed('1,"a\r\nb"\r\n2,c\r\n')).toEqual(['1,"a\x1eb"', '^', '2,c']);
  });

  test('blank lines become placeholders', () => {
    expect(framed('\n1,a\n\r\n\n2,b\n')).toEqual(['^', '1,a', '^', '^', '2,b']);
  });

  test('a line with a control byte is handed on exactly', () => {
    expect(framed('1,a\0b\n\x1e\n\x1dfake\n2,a\rb\n3,\t\n')).toEqual([
      '?1,a\0b',
      '?\x1e',
      '?\x1dfake',
      '?2,a\rb',
      '3,\t',
    ]);
  });

  test('a line that is not UTF-8 is rejected alone', () => {
    const lines = frame(Buffer.from('1,\xc3\xa9\n2,\xe9\n3,a\n', 'latin1'), 64).map(({ bytes }) => bytes.toString());
    expect(lines.map(readable)).toEqual(['1,é', '!row:encoding 2,\xe9', '3,a']);
  });

  test('a line beyond the limit is rejected with its start and its true length', () => {
    expect(framed(`1,a\n${'x'.repeat(50)}\r\n2,b\n${'y'.repeat(11)}`, 10)).toEqual([
      '1,a',
      '!row:too_long xxxxxxxxxx of 50',
      '2,b',
      '!row:too_long yyyyyyyyyy of 11',
    ]);
  });

  test('quotes mean nothing in JSON lines', () => {
    const framer = (out: ConstructorParameters<typeof RecordFramer>[1]) =>
      new RecordFramer({ delimiter: undefined, maxLineBytes: 1000 }, out);
    const lines = frameInChunks(Buffer.from('{"a":"x}\n{"a":1}\n'), 5, framer);
    expect(lines.map(({ bytes }) => bytes.toString())).toEqual(['{"a":"x}', '{"a":1}']);
  });
});
