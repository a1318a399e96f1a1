import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { planOf } from '../core/contract/define-dataset.ts';
import { compilePerson } from '../core/etl/person.ts';
import { bookings } from '../datasets/bookings/contract.ts';
import { linesWith, rewriteSource } from '../lambdas/erase/rewrite-source.ts';
import { searchSource } from '../lambdas/erase/search-source.ts';
import { BOOKING_HEADER, BOOKING_LINE, TEST_KEY } from './convert-input.ts';

const plan = planOf(bookings);
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-rewrite-'));
const [source, out] = [join(scratch, 'source'), join(scratch, 'out')];
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A record as it is written, and whether it is to go. */
type Written = readonly [text: string, isErased: boolean];

const cell = fc.constantFrom(
  'C1',
  '',
  'é',
  '"a ""b"" c"',
  '"two\nlines"',
  '"three\r\n\r\nlines"',
  '漢字',
  '"open',
  'a\tb',
);
const csvRecord = cell.map((customer) => `${customer},${BOOKING_LINE}`);
const element = fc.oneof(
  fc.constantFrom('{"customer_id":"a]b\\"}"}', '{"a":[1,{"b":"\\\\"}]}', '3', '"x,y]"', 'true', '[[]]', '{\n"a":\n1}'),
  fc.json(),
);
const marked = (record: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(record, fc.boolean()), { minLength: 1, maxLength: 30 });
const packings = fc.constantFrom<(text: string) => Uint8Array>(
  (text) => Buffer.from(text),
  (text) => gzipSync(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text, 'latin1'),
);

test('a table without some of its records has every other at its line, and every other line as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      marked(csvRecord),
      fc.constantFrom('\n', '\r\n'),
      packings,
      fc.boolean(),
      async (records, lineEnd, pack, isEnded) => {
        const text = [`customer_id,${BOOKING_HEADER}`, ...records.map(([record]) => record)].join(lineEnd);
        const bytes = pack(isEnded ? text + lineEnd : text);
        await requireSame(bytes, records);
        expect(linesIn(readFileSync(out)).length).toBe(linesIn(bytes).length);
        const kept = new Set(linesIn(bytes));
        for (const line of linesIn(readFileSync(out))) expect(kept.has(line) || /^\0?\r?\0?$/.test(line)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('a table whose lines end in a lone return keeps them', async () => {
  const lines = [`customer_id,${BOOKING_HEADER}`, `C1,${BOOKING_LINE}`, `C2,${BOOKING_LINE}`, `C3,${BOOKING_LINE}`, ''];
  await erase(Buffer.from(lines.join('\r')), (text) => text.startsWith('C2'));
  expect(readFileSync(out, 'utf8').split('\r')).toEqual(lines.with(2, ''));
});

test('an array without some of its elements has every other at its number, and every byte of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      marked(element),
      fc.constantFrom(',', ' ,\n', '\r\n,\t'),
      fc.boolean(),
      async (records, comma, isGzip) => {
        const all = `[ ${records.map(([record]) => record).join(comma)}\n]\n`;
        await requireSame(isGzip ? gzipSync(all) : Buffer.from(all), records);
        const found = plain(readFileSync(out)).toString();
        const left = records.map(([record, isErased]) => (isErased ? '"\\u001e"' : record));
        expect(found).toBe(`[ ${left.join(comma)}\n]\n`);
      },
    ),
    { numRuns: 60 },
  );
});

test('an array that is read in small pieces is cut at the same places', async () => {
  const rows = Array.from(
    { length: 9_000 },
    (_, n) => `{"customer_id":"C${n % 7}","booking_origin":"${'\\"]'.repeat(n % 40)}"}`,
  );
  await erase(Buffer.from(`[${rows.join(',')}]`), (text) => text.includes('"C3"'));
  const left = rows.map((row) => (row.includes('"C3"') ? '"\\u001e"' : row));
  expect(readFileSync(out, 'utf8')).toBe(`[${left.join(',')}]`);
});

test('a person is found at the end of a line that is too long to be kept', async () => {
  const person = compilePerson(plan, TEST_KEY, { identifier: 'C-late' });
  const long = `"${'x '.repeat(3_000_000)}`;
  const lines = [`customer_id,${BOOKING_HEADER}`, `${long},C-late`, `${long},C-later`, `C1,${BOOKING_LINE}`, ''];
  for (const bytes of [Buffer.from(lines.join('\n')), Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le')]) {
    writeFileSync(source, bytes);
    const searched = await searchSource(source, { plan, scratch, isHit: () => false });
    expect(searched.cutLines).toEqual([2, 3]);
    expect([...(await linesWith(source, searched.format, searched.cutLines, person))]).toEqual([2]);
  }
});

test('fails for an array in UTF-16, of which no element can be cut', async () => {
  const bytes = Buffer.from('\ufeff[{"customer_id":"C1"},{"customer_id":"C2"}]', 'utf16le');
  await expect(erase(bytes, (text) => text.includes('C2'))).rejects.toThrow('in UTF-16');
});

/** Erases the records of some places, and requires that the others read as before. A broken record of a table may be several. */
async function requireSame(bytes: Uint8Array, records: readonly Written[]): Promise<void> {
  writeFileSync(source, bytes);
  let at = -1;
  const before = await searchSource(source, {
    plan,
    scratch,
    isHit() {
      at += 1;
      return records[at]?.[1] === true;
    },
  });
  await rewriteSource(source, before.format, before.hits, out);
  const after = await searchSource(out, { plan, scratch, isHit: () => false });
  expect([after.others, after.othersDigest]).toEqual([before.others, before.othersDigest]);
}

async function erase(bytes: Uint8Array, isErased: (text: string) => boolean): Promise<void> {
  writeFileSync(source, bytes);
  const { format, hits } = await searchSource(source, { plan, scratch, isHit: ({ text }) => isErased(text) });
  await rewriteSource(source, format, hits, out);
}

function linesIn(bytes: Uint8Array): string[] {
  return plain(bytes).toString('latin1').split('\n');
}

function plain(bytes: Uint8Array): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : Buffer.from(bytes);
}
