import type { DuckDBResult, DuckDBType, DuckDBValue, DuckDBValueConverter } from '@duckdb/node-api';
import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';

/**
 * A value as it leaves the engine. Whole numbers of 64 bits are bigint; decimals, days and instants are text, an
 * instant as Athena writes it (`2024-05-01 09:30:00.000`, in UTC).
 */
export type AnswerValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AnswerValue[]
  | { readonly [name: string]: AnswerValue };

export type AnswerRow = readonly AnswerValue[];

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

/** A value as one line of text: lists and structs as JSON. Null is the empty text. */
export function valueText(value: AnswerValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** A value as JSON. Whole numbers of 64 bits keep all their digits; what JSON has no number for is a text. */
export function jsonText(value: AnswerValue): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonText).join(', ')}]`;
  const pairs = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${jsonText(one)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function isList(value: object): value is readonly AnswerValue[] {
  return Array.isArray(value);
}

/** Whether values of the type are numbers, to the right in a table. */
export function isNumeric({ type }: AnswerColumn): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\b.*)$/.test(type);
}
