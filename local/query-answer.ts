import type { DuckDBResultReader, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { ScanEstimate } from './scan-estimate.ts';

/** A value as it leaves the engine: whole numbers of 64 bits as bigint, decimals, dates, instants and lists as text. */
export type AnswerValue = string | number | bigint | boolean | null;

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly AnswerValue[])[];
  readonly seconds: number;
  readonly scan: ScanEstimate;
}

export function answerOf(reader: DuckDBResultReader, seconds: number, scan: ScanEstimate): Answer {
  const types = reader.columnTypes();
  const columns = reader.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
  const rows = reader.getRows().map((row) => row.map((value, index) => plain(value, types[index])));
  return { columns, rows, seconds, scan };
}

function plain(value: DuckDBValue, type: DuckDBType | undefined): AnswerValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number')
    return value;
  if (typeof value === 'string') return value;
  const text = String(value);
  return String(type) === 'TIMESTAMP' ? text.replace(/\.0+$/, '') : text;
}
