import { refuseTwice } from '../detect-dialect.ts';
import { RefusedObject } from '../refused-object.ts';
import type { SheetRow } from './read-sheet.ts';

export interface Header {
  readonly row: number;
  readonly cells: readonly string[];
  /** Rows above it that hold something. */
  readonly skipped: number;
  /** Rows below it that were read in looking for it. */
  readonly next: readonly SheetRow[];
}

/** Of the first rows that hold something, the one with most names of the contract, as in a csv. */
export async function findHeader(rows: AsyncGenerator<SheetRow>, knownColumns: readonly string[]): Promise<Header> {
  const first: SheetRow[] = [];
  while (first.filter(isWritten).length <= PREAMBLE_ROWS) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  const known = new Set(knownColumns.map((name) => name.toLowerCase()));
  const counts = first.map(({ cells }) => new Set(namesOf(cells).filter((name) => known.has(name.toLowerCase()))).size);
  const place = counts.indexOf(Math.max(...counts));
  const header = first[place];
  if (header === undefined || !first.some(isWritten)) throw new RefusedObject(EMPTY_BOOK);
  if (counts[place] === 0) throw new RefusedObject(noColumnSentence(first.find(isWritten) ?? header));
  if (header.fault !== undefined) throw new RefusedObject(`the header of the sheet: ${header.fault}`);
  const cells = namesOf(header.cells);
  refuseTwice(cells);
  const skipped = first.slice(0, place).filter(isWritten).length;
  return { row: header.number, cells, skipped, next: first.slice(place + 1) };
}

const PREAMBLE_ROWS = 10;
export const EMPTY_BOOK = 'a workbook without a filled cell: a table has at least a header';

function isWritten({ length, fault }: SheetRow): boolean {
  return length > 0 || fault !== undefined;
}

function namesOf(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim());
}

function noColumnSentence({ number, cells }: SheetRow): string {
  return `no column of the contract found in the first rows of the sheet; row ${number} has ${cells.length} cells`;
}
