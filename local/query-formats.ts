import Table from 'cli-table3';
import writeExcelFile from 'write-excel-file/node';
import { type AnswerRow, type AnswerValue, jsonText, valueText } from '../core/answers/answer-value.ts';
import { disarmedText } from '../core/answers/disarmed-text.ts';
import { type AnswerColumn, isNumeric } from './answer.ts';
import type { RowSink } from './engine.ts';
import { UsageError } from './exit-status.ts';

export const FORMATS = ['table', 'csv', 'json', 'parquet', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/** Takes the rows of an answer as they come; what it was to write is written once `end` is done. */
export interface AnswerWriter extends RowSink {
  end(): Promise<void>;
}

/** Takes text, in order; resolves when more may come. */
export type WriteText = (text: string) => Promise<void>;

/** Characters that a cell of a table shows at most. */
const CELL_WIDTH = 60;
/** What a sheet holds, with the row of headings. */
const SHEET_ROWS = 1_048_576;
/** Characters that a cell of a sheet holds. */
const CELL_LENGTH = 32_767;
/** Digits that a spreadsheet keeps of a number. */
const SHEET_DIGITS = 15;

/** Shows at most `limit` rows and says how many there are more. */
export function tableWriter(write: WriteText, limit: number): AnswerWriter {
  let columns: readonly AnswerColumn[] = [];
  let count = 0;
  const shown: AnswerRow[] = [];
  return {
    begin: (head) => {
      columns = head;
    },
    add: (rows) => {
      count += rows.length;
      shown.push(...rows.slice(0, Math.max(limit - shown.length, 0)));
    },
    end: async () => {
      const more = count - shown.length;
      const note =
        more > 0 ? `… and ${more.toLocaleString('en')} rows more: --limit shows more, --format csv all\n` : '';
      await write(`${tableText(columns, shown)}\n${note}`);
    },
  };
}

function tableText(columns: readonly AnswerColumn[], rows: readonly AnswerRow[]): string {
  const table = new Table({
    head: columns.map(({ name }) => cellText(name)),
    colAligns: columns.map((column) => (isNumeric(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map((value) => (value === null ? '–' : cellText(valueText(value)))));
  return table.toString();
}

/** One line that cannot command the terminal. */
function cellText(text: string): string {
  const plain = text.replace(/\r?\n|\r/g, '⏎').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');
  const characters = [...plain];
  return characters.length > CELL_WIDTH ? `${characters.slice(0, CELL_WIDTH - 1).join('')}…` : plain;
}

/**
 * RFC 4180, with one addition: text that a spreadsheet would take for a formula gets an apostrophe before it.
 * Null is an empty cell, the empty text is `""`.
 */
export function csvWriter(write: WriteText): AnswerWriter {
  let columns: readonly AnswerColumn[] = [];
  const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;
  return {
    begin: async (head) => {
      columns = head;
      await write(line(head.map(({ name }) => csvText(name))));
    },
    add: (rows) => write(rows.map((row) => line(row.map((value, at) => csvCell(value, columns[at])))).join('')),
    end: async () => {},
  };
}

function csvCell(value: AnswerValue, column: AnswerColumn | undefined): string {
  if (value === null) return '';
  if (value === '') return '""';
  const isText = typeof value === 'string' || typeof value === 'object';
  return isText && !(column && isNumeric(column)) ? csvText(valueText(value)) : valueText(value);
}

function csvText(text: string): string {
  const safe = disarmedText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One array of objects, one line each. Numbers keep all their digits. */
export function jsonWriter(write: WriteText): AnswerWriter {
  let columns: readonly AnswerColumn[] = [];
  let isFirst = true;
  return {
    begin: (head) => {
      columns = head;
    },
    add: async (rows) => {
      await write((isFirst ? '[\n  ' : ',\n  ') + rows.map((row) => jsonObject(row, columns)).join(',\n  '));
      isFirst = false;
    },
    end: () => write(isFirst ? '[]\n' : '\n]\n'),
  };
}

function jsonObject(row: AnswerRow, columns: readonly AnswerColumn[]): string {
  const fields = columns.map((column, at) => {
    const value = row[at] ?? null;
    const isDecimal = typeof value === 'string' && isNumeric(column);
    return `${JSON.stringify(column.name)}: ${isDecimal ? value : jsonText(value)}`;
  });
  return `{ ${fields.join(', ')} }`;
}

/** An Excel sheet: text stays text, so that no cell can become a formula; numbers of more than 15 digits are text. */
export function sheetWriter(out: string): AnswerWriter {
  let columns: readonly AnswerColumn[] = [];
  const cells: ReturnType<typeof sheetCell>[][] = [];
  return {
    begin: (head) => {
      columns = head;
    },
    add: (rows) => {
      for (const row of rows) cells.push(row.map((value, at) => sheetCell(value, columns[at])));
      if (cells.length >= SHEET_ROWS)
        throw new UsageError(`a sheet holds ${SHEET_ROWS - 1} rows and the answer has more: use --format csv`);
    },
    end: async () => {
      const head = columns.map(({ name }) => ({ value: name, type: String, fontWeight: 'bold' as const }));
      const widths = columns.map(({ name }) => ({ width: Math.max(12, name.length + 2) }));
      await writeExcelFile([head, ...cells], { columns: widths, stickyRowsCount: 1 }).toFile(out);
    },
  };
}

function sheetCell(value: AnswerValue, column: AnswerColumn | undefined) {
  if (value === null) return null;
  if (typeof value === 'boolean') return { value, type: Boolean };
  if (column && isNumeric(column)) return numberCell(valueText(value));
  return dateCell(valueText(value), column?.type) ?? { value: sheetText(valueText(value)), type: String };
}

/** The library leaves out what XML has no place for, such as most control characters. */
function sheetText(text: string): string {
  return text.length > CELL_LENGTH ? `${text.slice(0, CELL_LENGTH - 1)}…` : text;
}

function numberCell(text: string) {
  const digits = text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
  const isExact = Number.isFinite(Number(text)) && (digits.length <= SHEET_DIGITS || text.includes('.'));
  return isExact ? { value: Number(text), type: Number } : { value: text, type: String };
}

/** A day or an instant as one of Excel's own, which begin in 1900; older ones stay text. */
function dateCell(text: string, type: string | undefined) {
  const format = { DATE: 'yyyy-mm-dd', TIMESTAMP: 'yyyy-mm-dd hh:mm:ss' }[type ?? ''];
  if (format === undefined || !/^\d{4}-/.test(text) || text < '1900-03-01') return undefined;
  return { value: new Date(`${text.replace(' ', 'T').padEnd(19, 'T00:00:00')}Z`), type: Date, format };
}
