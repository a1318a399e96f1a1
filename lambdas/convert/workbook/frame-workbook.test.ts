import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOOKING_HEADER, BOOKING_LINE } from '../../../test/convert-input.ts';
import { frameBytes } from '../../../test/framed-lines.ts';
import { type Book, relations, rowOf, workbookOf } from '../../../test/workbook-file.ts';
import { readLine } from '../read-line.ts';

const HEADER = BOOKING_HEADER.split(',');
const CELLS = BOOKING_LINE.split(',');
const ORIGIN = HEADER.indexOf('booking_origin');
const HEAD = rowOf(1, HEADER);

describe('cells are read as what they stand for', () => {
  const origin = async (cell: string, more: Partial<Book> = {}) => {
    const { lines } = await framed({ rows: HEAD + rowOf(2, CELLS.with(ORIGIN, cell)), ...more });
    expect(lines.map(({ line }) => line)).toEqual([2]);
    return lines[0]?.cells[ORIGIN];
  };
  const rich = '<si><r><t>Fra</t></r><r><rPr><b/></rPr><t>nce</t></r><rPh><t>aloud</t></rPh></si>';
  test.each<[string, string, string, Partial<Book>?]>([
    ['commas and quotes', 'a, &quot;b&quot;', 'a, "b"'],
    ['a line break', 'a&#10;b', 'a\nb'],
    ['the line break of Windows', 'a&#13;&#10;b', 'a\nb'],
    ['an escaped control character', 'a_x0007_b', 'a\u0007b'],
    ['an escaped escape', 'a_x005F_x0007_b', 'a_x0007_b'],
    ['letters beyond the first plane', 'é😀中', 'é😀中'],
    ['markup that is text', '&lt;b&gt;&amp;amp;', '<b>&amp;'],
    ['a formula that was typed as text', '=1+1', '=1+1'],
    ['CDATA', '<c t="inlineStr"><is><t><![CDATA[<x>]]></t></is></c>', '<x>'],
    [
      'a rich text of the table',
      '<c t="s"><v>0</v></c>',
      'France',
      { parts: { 'xl/sharedStrings.xml': `<sst>${rich}</sst>` } },
    ],
    ['a result of a formula', '<c t="str"><f>A1</f><v>Ré_x0041_</v></c>', 'RéA'],
    ['a whole number', '<c><v>12</v></c>', '12'],
    ['a whole number of 17 digits', '<c><v>12345678901234567</v></c>', '12345678901234567'],
    ['a whole number in powers of ten', '<c><v>2.1E1</v></c>', '21'],
    ['an id that the spreadsheet rounded', '<c><v>1.2345678901234568E+18</v></c>', '1.2345678901234568E+18'],
    ['a number with the noise of 17 digits', '<c><v>7.2100000000000009</v></c>', '7.210000000000001'],
    ['a number of Excel', '<c><v>4.6699999999999999</v></c>', '4.67'],
    ['a yes', '<c t="b"><v>1</v></c>', 'true'],
    ['a day', '<c s="1"><v>46327</v></c>', '2026-11-01', dated('14')],
    ['a day and a time', '<c s="1"><v>46327.520839120371</v></c>', '2026-11-01T12:30:00.500', dated('22')],
    ['midnight', '<c s="1"><v>46327</v></c>', '2026-11-01T00:00:00', dated('22')],
    ['a time of day', '<c s="1"><v>0.75</v></c>', '18:00:00', dated('20')],
    [
      'a day by a format of its own',
      '<c s="1"><v>46327</v></c>',
      '2026-11-01',
      dated('170', 'dddd&quot; h&quot;\\ d\\-mmm\\-yy;@'),
    ],
    [
      'a price by a format of its own',
      '<c s="1"><v>46327</v></c>',
      '46327',
      dated('170', '[$USD-409] #,##0 &quot;days&quot;'),
    ],
    ['hours that are counted', '<c s="1"><v>1.5</v></c>', '1.5', dated('170', '[h]:mm')],
    ['a day counted from 1904', '<c s="1"><v>44865</v></c>', '2026-11-01', { ...dated('14'), from1904: true }],
    ['the first of January 1900', '<c s="1"><v>1</v></c>', '1900-01-01', dated('14')],
    ['the day after the one that never was', '<c s="1"><v>61</v></c>', '1900-03-01', dated('14')],
    ['the last day', '<c s="1"><v>2958465</v></c>', '9999-12-31', dated('14')],
    ['a day after the last', '<c s="1"><v>2958466</v></c>', '2958466', dated('14')],
    ['a day as a text of ISO', '<c t="d"><v>2026-11-01</v></c>', '2026-11-01'],
  ])('%s', async (_, cell, text, more) => {
    expect(await origin(cell, more)).toBe(text);
  });
});

describe('a workbook is taken as spreadsheet programs write it', () => {
  test.each<[string, Book]>([
    [
      'with blank rows above, formatted ones below, and an empty second sheet',
      {
        rows: `<row r="1"/>${rowOf(4, HEADER)}${rowOf(6, CELLS)}<row r="9"><c r="A9" s="0"/></row>`,
        moreSheets: ['', '<row r="1"><c r="A1" s="0"/></row>'],
      },
    ],
    [
      'with columns in another order and headings in capitals',
      {
        rows:
          rowOf(
            1,
            [...HEADER].reverse().map((name) => ` ${name.toUpperCase()} `),
          ) + rowOf(2, [...CELLS].reverse()),
      },
    ],
    ['without numbers of rows and cells', { rows: (HEAD + rowOf(2, CELLS)).replaceAll(/ r="\d+"/g, '') }],
    [
      'with names that have a prefix, as Microsoft’s own library writes them',
      {
        rows: '',
        parts: {
          'xl/worksheets/sheet1.xml':
            `<x:worksheet xmlns:x="m"><x:sheetData>${HEAD}${rowOf(2, CELLS)}</x:sheetData></x:worksheet>`.replaceAll(
              /<(\/?)(?!x:)(\w)/g,
              '<$1x:$2',
            ),
        },
      },
    ],
    [
      'with links to web pages, which nobody follows',
      {
        rows: HEAD + rowOf(2, CELLS),
        parts: {
          'xl/worksheets/_rels/sheet1.xml.rels': relations([['l', 'hyperlink', 'http://127.0.0.1:1/', 'External']]),
        },
      },
    ],
    [
      'without styles and shared texts',
      {
        rows: HEAD + rowOf(2, CELLS),
        parts: { 'xl/_rels/workbook.xml.rels': relations([['s1', 'worksheet', '/xl/worksheets/sheet1.xml']]) },
      },
    ],
  ])('%s', async (_, book) => {
    const { format, lines } = await framed(book);
    const row = lines.filter(({ cells }) => cells.length > 0);
    const byName = Object.fromEntries(format.header.map((name, place) => [name.toLowerCase(), row[0]?.cells[place]]));
    expect([row.length, HEADER.map((name) => byName[name])]).toEqual([1, CELLS]);
  });

  test('results of formulas are counted in a warning', async () => {
    const cells = CELLS.with(0, '<c><f>1+1</f><v>2</v></c>');
    const { warnings, lines } = await framed({ rows: HEAD + rowOf(2, cells) + rowOf(3, cells) });
    expect(warnings).toEqual(['2 cells are results of formulas, taken as they were last computed']);
    expect(lines.map((it) => it.cells[0])).toEqual(['2', '2']);
  });
});

describe('fails, in a sentence that says what to do, on', () => {
  const sheet = HEAD + rowOf(2, CELLS);
  const type = (name: string) =>
    `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.${name}"/></Types>`;
  test.each<[string, Buffer, RegExp]>([
    [
      'two sheets of rows',
      workbookOf({ rows: sheet, moreSheets: [sheet] }),
      /2 sheets that hold something \('Sheet 1', 'Sheet 2'\): keep/,
    ],
    ['a note on another sheet', workbookOf({ rows: sheet, moreSheets: [rowOf(99, ['a note'])] }), /2 sheets/],
    ['an empty sheet', workbookOf({ rows: '' }), /without a filled cell/],
    [
      'a sheet of other columns',
      workbookOf({ rows: rowOf(1, ['a', 'b']) }),
      /no column of the contract found in the first rows of the sheet; row 1 has 2 cells/,
    ],
    ['a column twice', workbookOf({ rows: rowOf(1, [...HEADER, 'route']) }), /'?route'? twice/],
    [
      'an error in the header',
      workbookOf({ rows: rowOf(1, ['<c t="e"><v>#N/A</v></c>', ...HEADER]) }),
      /header of the sheet: the cell A1/,
    ],
    [
      'macros',
      workbookOf({ rows: sheet, parts: { '[Content_Types].xml': type('ms-excel.sheet.macroEnabled.main+xml') } }),
      /macros \(xlsm\): save it as xlsx/,
    ],
    [
      'a binary workbook',
      workbookOf({ rows: sheet, parts: { '[Content_Types].xml': type('ms-excel.sheet.binary.macroEnabled.main') } }),
      /macros|xlsb/,
    ],
    [
      'a text document',
      workbookOf({
        rows: sheet,
        parts: { '[Content_Types].xml': type('openxmlformats-officedocument.wordprocessingml.document.main+xml') },
      }),
      /no workbook/,
    ],
    [
      'an OpenDocument spreadsheet',
      workbookOf({ rows: sheet, parts: { 'content.xml': '', 'META-INF/manifest.xml': '' } }),
      /\(ods\): save it as xlsx/,
    ],
    [
      'an old or an encrypted workbook',
      Buffer.from('d0cf11e0a1b11ae1'.padEnd(2_000, '0'), 'hex'),
      /xls.*password.*save it as xlsx/,
    ],
  ])('%s', async (_, bytes, sentence) => {
    await expect(frameBytes(bytes, { knownColumns: HEADER })).rejects.toThrow(sentence);
  });
});

test('a title above the header is skipped with a word', async () => {
  const rows =
    rowOf(1, ['Bookings of 2026']) +
    rowOf(3, ['made by', '<c t="e"><v>#REF!</v></c>']) +
    rowOf(5, HEADER) +
    rowOf(8, CELLS);
  const { warnings, lines } = await framed({ rows });
  expect(warnings).toEqual(['2 rows above the header skipped']);
  expect(lines.map(({ line, cells }) => [line, cells.length])).toEqual([
    [6, 0],
    [7, 0],
    [8, 14],
  ]);
});

test('any texts come back as they were, row by row', async () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((it) => it.replaceAll(/[^\P{Cc}\t\n]|\p{Cn}|\p{Cs}|_x/gu, ''));
  const table = fc.array(fc.array(text, { minLength: 14, maxLength: 14 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async (cells, isShared) => {
      const texts = cells.flat().map(escaped);
      const rowOfTexts = (row: readonly string[], at: number) =>
        rowOf(
          at + 2,
          row.map((cell, place) =>
            isShared
              ? `<c t="s"><v>${14 * at + place}</v></c>`
              : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`,
          ),
        );
      const { lines } = await framed({ rows: HEAD + cells.map(rowOfTexts).join(''), texts });
      expect(lines.map((it) => it.cells)).toEqual(cells.map((row) => (row.every((cell) => cell === '') ? [] : row)));
    }),
    { numRuns: 60 },
  );
});

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A style of this format for cells with `s="1"`. */
function dated(id: string, format?: string): Partial<Book> {
  const own = format === undefined ? '' : `<numFmts><numFmt numFmtId="${id}" formatCode="${format}"/></numFmts>`;
  return {
    styles: `${own}<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="${id}"/></cellXfs>`,
  };
}

const BLANK = Buffer.from('\x1e');

/** The lines of a workbook with their cells; a blank line has none. */
async function framed(book: Book) {
  const { format, warnings, lines } = await frameBytes(workbookOf(book), { knownColumns: HEADER });
  const cellsOf = (bytes: Buffer) => {
    if (bytes.equals(BLANK)) return [];
    let found: readonly string[] = [];
    const keep = (cells: readonly string[]) => {
      found = cells;
      return { rejection: { column: 'row', rule: 'kept', message: '' } };
    };
    const reader = { readCells: keep, readJson: keep };
    const header = { width: format.header.length, places: new Map<string, number>(), unknown: [], missing: [] };
    readLine(bytes.toString('utf8'), { kind: 'csv', delimiter: ',', header }, reader as never, {} as never);
    return found;
  };
  return { format, warnings, lines: lines.map(({ line, bytes }) => ({ line, cells: cellsOf(bytes) })) };
}
