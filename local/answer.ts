import type { DuckDBResult, DuckDBType, DuckDBValue, DuckDBValueConverter } from '@duckdb/node-api';
import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import { type AnswerRow, type AnswerValue, valueText } from '../core/answers/answer-value.ts';

export interface AnswerColumn {
  readonly name: string;
  /** DuckDB's name of the type, such as `BIGINT` or `DECIMAL(9,2)`. */
  readonly type: string;
}

/** The columns of a result; a name that came before gets a number, so that each names one column. */
export function answerColumns(from: {
  readonly columnCount: number;
  columnName(index: number): string;
  columnType(index: number): DuckDBType;
}): AnswerColumn[] {
  const taken = new Set<string>();
  return Array.from({ length: from.columnCount }, (_, index) => {
    const name = freeName(from.columnName(index), taken);
    taken.add(name);
    return { name, type: String(from.columnType(index)) };
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 1; taken.has(free); number += 1) free = `${name}_${number}`;
  return free;
}

/** Gives the rows part by part; returns their number. */
export async function collect(
  result: DuckDBResult,
  onRows: (rows: readonly AnswerRow[]) => void | Promise<void>,
): Promise<number> {
  let count = 0;
  for await (const rows of result.yieldConvertedRows(convert)) {
    count += rows.length;
    if (rows.length > 0) await onRows(rows);
  }
  return count;
}

const convert: DuckDBValueConverter<AnswerValue> = (value) => plain(value);

function plain(value: DuckDBValue): AnswerValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plain);
  if (value instanceof DuckDBStructValue) return fields(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue)
    return fields(value.entries.map((entry) => [keyText(plain(entry.key)), entry.value]));
  if (value instanceof DuckDBTimestampValue) return instant(value.toString());
  if (value instanceof DuckDBTimestampTZValue)
    return `${instant(new DuckDBTimestampValue(value.micros).toString())} UTC`;
  return String(value);
}

function fields(entries: readonly (readonly [string, DuckDBValue])[]): AnswerValue {
  return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
}

function keyText(key: AnswerValue): string {
  return typeof key === 'string' ? key : valueText(key);
}

/** Three decimals, or six where three are too few. */
function instant(text: string): string {
  const [seconds = text, fraction = ''] = text.split('.');
  return /^\d/.test(text) ? `${seconds}.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}` : text;
}

/** Whether values of the type are numbers, to the right in a table. */
export function isNumeric({ type }: AnswerColumn): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\b.*)$/.test(type);
}
