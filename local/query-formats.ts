import writeExcelFile from 'write-excel-file/node';
import { UsageError } from './exit-status.ts';
import type { Answer, AnswerValue } from './query-answer.ts';
import { renderTable } from './terminal/table.ts';

export const FORMATS = ['table', 'csv', 'json', 'parquet', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/** Rows of a table on a terminal: more of them nobody reads. */
const TABLE_ROWS = 200;
/** What a sheet holds, with the row of headings. */
const SHEET_ROWS = 1_048_576;

/** The answer as text. A table shows at most 200 rows and says how many there are more. */
export function asText(answer: Answer, format: 'table' | 'csv' | 'json'): string {
  return TEXTS[format](answer);
}

const TEXTS: Record<'table' | 'csv' | 'json', (answer: Answer) => string> = {
  table: ({ columns, rows }) => {
    const shown = renderTable(
      columns.map(({ name }) => name),
      rows.slice(0, TABLE_ROWS),
    );
    const more = rows.length - TABLE_ROWS;
    return more > 0 ? `${shown}\n… and ${more.toLocaleString('en')} rows more: --format csv shows all\n` : `${shown}\n`;
  },
  csv: ({ columns, rows }) =>
    `${[columns.map(({ name }) => name), ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`,
  json: ({ columns, rows }) => {
    const objects = rows.map((row) => {
      const fields = row.map((value, index) => `${JSON.stringify(columns[index]?.name)}: ${jsonValue(value)}`);
      return `  { ${fields.join(', ')} }`;
    });
    return `[\n${objects.join(',\n')}\n]\n`;
  },
};

/** Writes an Excel sheet: text stays text, so that no cell can become a formula; whole numbers beyond 2^53 are text. */
export async function writeSheet({ columns, rows }: Answer, out: string): Promise<void> {
  if (rows.length >= SHEET_ROWS) {
    throw new UsageError(`a sheet holds ${SHEET_ROWS - 1} rows, the answer has ${rows.length}: use --format csv`);
  }
  const header = columns.map(({ name }) => ({ value: name, type: String, fontWeight: 'bold' as const }));
  const cells = rows.map((row) => row.map((value, index) => sheetCell(value, columns[index]?.type ?? '')));
  await writeExcelFile([header, ...cells], {
    columns: columns.map(({ name }) => ({ width: Math.max(10, name.length + 2) })),
    stickyRowsCount: 1,
  }).toFile(out);
}

/**
 * RFC 4180, with one addition: text that a spreadsheet would take for a formula gets an apostrophe before it.
 * Numbers are left as they are, negative ones too.
 */
function csvCell(value: AnswerValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Whole numbers of 64 bits are written with all their digits. */
function jsonValue(value: AnswerValue): string {
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'null');
}

function sheetCell(value: AnswerValue, type: string) {
  if (value === null) return null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value))
      ? { value: Number(value), type: Number }
      : { value: `${value}`, type: String };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { value, type: Number } : { value: String(value), type: String };
  }
  if (typeof value === 'boolean') return { value, type: Boolean };
  return dateCell(value, type) ?? { value, type: String };
}

/** A day or an instant as one of Excel's own, which begin in 1900; older ones stay text. */
function dateCell(value: string, type: string) {
  const format = { DATE: 'yyyy-mm-dd', TIMESTAMP: 'yyyy-mm-dd hh:mm:ss' }[type];
  if (format === undefined || value < '1900-03-01') return undefined;
  return {
    value: new Date(type === 'DATE' ? `${value}T00:00:00Z` : `${value.replace(' ', 'T')}Z`),
    type: Date,
    format,
  };
}
