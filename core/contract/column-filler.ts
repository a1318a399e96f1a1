/** Turns clean rows into columns of the values that Parquet stores, by one function generated for the plan. */
import { type DatasetPlan, type LakeField, type LakeKind, storedColumns } from './plan.ts';
import { daysOf, microsOf } from './stored-values.ts';
import { unscaled } from './value-tests.ts';

type Row = Readonly<Record<string, unknown>>;
type Convert = (value: unknown) => unknown;

/** Puts the rows from `from` to `to` (exclusive) into the columns, one array a stored column, from index `at` on. */
export type ColumnFiller = (
  rows: readonly Row[],
  from: number,
  to: number,
  columns: readonly unknown[][],
  at: number,
) => void;

/** One pass over the rows with every property named in the code: several times faster than a loop over the columns. */
export function compileColumnFiller(plan: DatasetPlan): ColumnFiller {
  const columns = storedColumns(plan);
  const converts = columns.map((column) => CONVERSIONS[column.type.kind](column));
  const each = (code: (index: number, name: string) => string) =>
    columns.map(({ name }, index) => code(index, JSON.stringify(name))).join('\n');
  const code = `"use strict";
return (rows, from, to, columns, at) => {
${each((i) => `const c${i} = columns[${i}]; let text${i}, value${i};`)}
for (let i = from, j = at; i < to; i += 1, j += 1) {
const row = rows[i];
${each((i, name) => (converts[i] === undefined ? `c${i}[j] = row[${name}];` : convertCode(i, name)))}
}
};`;
  return new Function('convert', code)(converts);
}

/** Values that repeat from row to row, such as the time of ingestion, are converted once. */
function convertCode(index: number, name: string): string {
  const value = `v${index}`;
  return `const ${value} = row[${name}];
if (${value} === null || ${value} === undefined) c${index}[j] = null;
else { if (${value} !== text${index}) { text${index} = ${value}; value${index} = convert[${index}](${value}); } c${index}[j] = value${index}; }`;
}

/** From a value of a clean row to what the writer stores; undefined where they are the same. */
const CONVERSIONS: Record<LakeKind, (field: LakeField) => Convert | undefined> = {
  string: asItIs,
  enum: asItIs,
  int32: asItIs,
  int64: asItIs,
  double: asItIs,
  decimal: ({ type }) => {
    const scale = type.kind === 'decimal' ? type.scale : 0;
    return (value) => unscaled(value as string, scale);
  },
  boolean: asItIs,
  date: () => (value) => daysOf(value as string),
  timestamp: () => (value) => microsOf(value as string),
  array: ({ type }) => {
    const convert = type.kind === 'array' ? conversionOf(type.element) : undefined;
    return convert && ((value) => (value as unknown[]).map(convert));
  },
  struct: ({ type }) => {
    const fields = type.kind === 'struct' ? type.fields : [];
    const converts = fields.map((field) => ({ name: field.name, convert: conversionOf(field) }));
    if (converts.every(({ convert }) => convert === undefined)) return undefined;
    return (value) => {
      const row = value as Row;
      return Object.fromEntries(
        converts.map(({ name, convert }) => [name, convert === undefined ? row[name] : convert(row[name])]),
      );
    };
  },
};

/** The conversion of a value that may be null. */
function conversionOf(field: LakeField): Convert | undefined {
  const convert = CONVERSIONS[field.type.kind](field);
  return convert && ((value) => (value === null || value === undefined ? null : convert(value)));
}

function asItIs(): undefined {
  return undefined;
}
