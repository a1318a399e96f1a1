import { createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { openSheet } from '../convert/workbook/frame-workbook.ts';
import { columnName, type SheetRow, type WrittenCell } from '../convert/workbook/read-sheet.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Styles of cells by what their numbers mean. */
const STYLES = { number: 0, day: 1, instant: 2 } as const;
/** No row is put together as a line: each cell is taken alone. */
const NO_CELLS = 0;
/** The earliest time that a zip can tell, so that the same rows are the same bytes. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * Writes the rows of a workbook without some of them, each at its number, as a new workbook with nothing else: the table of
 * texts, comments, the cache of a pivot table or the author of the old one could name whoever is in the rows that go.
 */
export async function rewriteWorkbook(path: string, erased: ReadonlySet<number>, out: string): Promise<void> {
  const { pack, rows, from1904 } = await openSheet(path, { mostLength: NO_CELLS, keepsWritten: true });
  try {
    const zip = new ZipWriter(Writable.toWeb(createWriteStream(out)), {
      useWebWorkers: false,
      extendedTimestamp: false,
    });
    const add = (name: string, chunks: Iterable<string> | AsyncIterable<string>) =>
      zip.add(name, Readable.toWeb(Readable.from(encoded(chunks), { objectMode: false })), { lastModDate: NO_TIME });
    for (const [name, text] of Object.entries(partsOf(from1904))) await add(name, [text]);
    await add('xl/worksheets/sheet1.xml', sheetOf(rows, erased));
    await zip.close();
  } finally {
    await pack.close();
  }
}

/** Which rows of a workbook hold a person; every cell is looked at whole. */
export async function rowsWith(
  path: string,
  wanted: ReadonlySet<number>,
  person: PersonMatcher,
): Promise<ReadonlySet<number>> {
  const { pack, rows } = await openSheet(path, { mostLength: NO_CELLS, keepsWritten: true });
  const found = new Set<number>();
  try {
    for await (const { number, written = [] } of rows) {
      if (wanted.has(number) && written.some(({ value }) => person.isIn(value))) found.add(number);
    }
  } finally {
    await pack.close();
  }
  return found;
}

async function* encoded(chunks: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* sheetOf(rows: AsyncIterable<SheetRow>, erased: ReadonlySet<number>): AsyncGenerator<string> {
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
  for await (const { number, written = [] } of rows) {
    if (!erased.has(number)) yield `<row r="${number}">${written.map((cell) => cellOf(cell, number)).join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function cellOf({ column, type, meaning, hasFormula, value }: WrittenCell, row: number): string {
  const content =
    type === 'inlineStr' ? `<is><t>${textOf(value)}</t></is>` : value === '' ? '' : `<v>${escaped(value)}</v>`;
  // What the formula is may name someone too; that there is one is all that counts.
  const formula = hasFormula ? '<f/>' : '';
  return `<c r="${columnName(column)}${row}" t="${escaped(type)}" s="${STYLES[meaning]}">${formula}${content}</c>`;
}

/** A text as ST_Xstring: what XML has no place for, or reads otherwise, as `_x000D_`. */
function textOf(text: string): string {
  const plain = text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  return escaped(
    plain.replaceAll(NO_XML, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`),
  );
}

const NO_XML = /[^\P{Cc}\t\n]|\p{Cs}|[\uFFFE\uFFFF]/gu;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function partsOf(from1904: boolean): Readonly<Record<string, string>> {
  const part = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}.xml" ContentType="${TYPE}.${kind}+xml"/>`;
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (all: string) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all}</Relationships>`;
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('workbook', 'sheet.main')}${part('worksheets/sheet1', 'worksheet')}${part('styles', 'styles')}</Types>`,
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets><sheet name="Sheet 1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      relation('r1', 'worksheet', 'worksheets/sheet1.xml') + relation('r2', 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
  };
}
