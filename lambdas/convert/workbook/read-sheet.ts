import type { Buffer } from 'node:buffer';
import { RefusedObject } from '../refused-object.ts';
import { numberText } from './cell-text.ts';
import type { Meaning } from './date-styles.ts';
import { MOST } from './limits.ts';
import { type Attributes, readXml, type XmlTaker } from './read-xml.ts';
import { TextCollector, unescaped } from './shared-texts.ts';

/** A row of a sheet that has cells. */
export interface SheetRow {
  /** As the spreadsheet shows it, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
  /** Characters of all its cells; once they are more than wanted, `cells` lacks those that follow. */
  readonly length: number;
  /** Why no value of the row can be trusted. */
  readonly fault?: string;
  /** Cells that a formula gave. */
  readonly formulas: number;
  /** The cells as they are written, all of them, where that is asked for. */
  readonly written?: readonly WrittenCell[];
}

/** A cell as a sheet holds it. */
export interface WrittenCell {
  /** From 0. */
  readonly column: number;
  readonly type: string;
  readonly meaning: Meaning;
  readonly hasFormula: boolean;
  /** A text in the cell itself is here, not in a table; else what `type` makes of it. */
  readonly value: string;
}

/** What cells refer to. */
export interface SheetContext {
  readonly texts: readonly string[];
  readonly meanings: readonly Meaning[];
  readonly from1904: boolean;
  /** Cells of a row are kept up to this many characters. */
  readonly mostLength: number;
  readonly keepsWritten?: boolean;
}

/** The rows of a sheet in their order, as many at a time as came at once. */
export async function* readSheet(
  part: string,
  chunks: AsyncIterable<Buffer>,
  context: SheetContext,
): AsyncGenerator<SheetRow[]> {
  const taker = new SheetTaker(context);
  for await (const _ of readXml(part, chunks, taker)) yield taker.takeRows();
  yield taker.takeRows();
}

type OpenCell = { -readonly [name in keyof WrittenCell]: WrittenCell[name] };

class SheetTaker implements XmlTaker {
  readonly #context: SheetContext;
  readonly #collector = new TextCollector();
  #rows: SheetRow[] = [];
  #isInData = false;
  #row = 0;
  #isInRow = false;
  #cells: string[] = [];
  #written: WrittenCell[] = [];
  #nextColumn = 0;
  #length = 0;
  #formulas = 0;
  #fault: string | undefined;
  #cell: OpenCell | undefined;
  #isInValue = false;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  takeRows(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Attributes, depth: number): void {
    if (depth === 2) this.#isInData = name === 'sheetData';
    else if (!this.#isInData) return;
    else if (depth === 3 && name === 'row') this.#openRow(attributes);
    else if (depth === 4 && name === 'c' && this.#isInRow) this.#openCell(attributes);
    else if (this.#cell !== undefined && depth >= 5) this.#openValue(name, this.#cell);
  }

  text(text: string): void {
    if (this.#cell === undefined) return;
    if (this.#isInValue) this.#cell.value += text;
    this.#collector.text(text);
  }

  close(name: string, depth: number): void {
    if (!this.#isInData) return;
    if (depth >= 5) {
      this.#isInValue = false;
      this.#collector.close(name);
    } else if (depth === 4 && this.#cell !== undefined) this.#closeCell(this.#cell);
    else if (depth === 3) this.#closeRow();
  }

  #openRow(attributes: Attributes): void {
    const number = wholeOr(attributes.r, this.#row + 1);
    if (number <= this.#row)
      throw new RefusedObject(`the rows of the sheet are out of order: ${number} after ${this.#row}`);
    if (number > MOST.rows) throw new RefusedObject(`a sheet of more than ${MOST.rows} rows, the limit`);
    this.#row = number;
    this.#isInRow = true;
    this.#cells = [];
    this.#written = [];
    this.#nextColumn = 0;
    this.#length = 0;
    this.#formulas = 0;
    this.#fault = undefined;
  }

  #closeRow(): void {
    if (!this.#isInRow) return;
    this.#isInRow = false;
    if (this.#nextColumn === 0) return;
    this.#rows.push({
      number: this.#row,
      cells: this.#cells,
      length: this.#length,
      formulas: this.#formulas,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
      ...(this.#context.keepsWritten ? { written: this.#written } : {}),
    });
  }

  #openCell(attributes: Attributes): void {
    const column = this.#columnOf(attributes.r);
    if (column < this.#nextColumn) throw new RefusedObject(`the cells of row ${this.#row} are out of order`);
    if (column >= MOST.columns) throw new RefusedObject(`a row of more than ${MOST.columns} columns, the limit`);
    const meaning = this.#context.meanings[wholeOr(attributes.s, 0)] ?? 'number';
    this.#cell = { column, type: attributes.t ?? 'n', meaning, hasFormula: false, value: '' };
    this.#collector.start();
  }

  #columnOf(reference: string | undefined): number {
    if (reference === undefined) return this.#nextColumn;
    const [, letters = '', row] = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(reference) ?? [];
    if (Number(row) !== this.#row) throw new RefusedObject(`row ${this.#row} of the sheet holds a cell of another row`);
    let column = 0;
    for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
    return column - 1;
  }

  #openValue(name: string, cell: OpenCell): void {
    if (name === 'v') this.#isInValue = true;
    if (name === 'f') cell.hasFormula = true;
    this.#collector.open(name);
  }

  #closeCell(cell: OpenCell): void {
    this.#cell = undefined;
    this.#nextColumn = cell.column + 1;
    if (cell.hasFormula) this.#formulas += 1;
    const text = this.#textOf(cell);
    if (this.#context.keepsWritten) {
      const isText = cell.type === 's' || cell.type === 'inlineStr';
      this.#written.push(isText ? { ...cell, type: 'inlineStr', value: text } : cell);
    }
    if (text === '') return;
    const isBeyond = this.#length > this.#context.mostLength;
    this.#length += text.length;
    if (isBeyond) return;
    while (this.#cells.length < cell.column) this.#cells.push('');
    this.#cells.push(text);
  }

  #textOf(cell: OpenCell): string {
    const { type, value, meaning } = cell;
    if (type === 'inlineStr') return this.#collector.end();
    if (value === '') {
      if (cell.hasFormula && type !== 'str')
        this.#refuse(cell, 'a formula without a result', 'open and save the workbook');
      return '';
    }
    switch (type) {
      case 's':
        return this.#sharedText(value);
      case 'str':
        return unescaped(value);
      case 'd':
        return value;
      case 'b':
        return ['1', 'true'].includes(value) ? 'true' : ['0', 'false'].includes(value) ? 'false' : value;
      case 'e':
        this.#refuse(cell, `the error ${value.slice(0, 10)}`, 'correct the cell');
        return value;
      case 'n':
        return numberText(value.trim(), meaning, this.#context.from1904) ?? value;
      default:
        throw new RefusedObject('the sheet holds a cell of no known type: save the workbook again');
    }
  }

  #sharedText(number: string): string {
    const text = /^\d{1,9}$/.test(number) ? this.#context.texts[Number(number)] : undefined;
    if (text !== undefined) return text;
    throw new RefusedObject('a cell refers to a text that the workbook does not hold: save the workbook again');
  }

  #refuse({ column }: OpenCell, found: string, advice: string): void {
    this.#fault ??= `the cell ${columnName(column)}${this.#row} holds ${found}: ${advice}`;
  }
}

function wholeOr(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RefusedObject('the sheet holds a number of a row or style that is none: save the workbook again');
}

/** `A` for 0. */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}
