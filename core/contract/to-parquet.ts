/** Clean rows as one Parquet file, for a Lambda's batches; whole files are written by DuckDB. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquetSchema } from './parquet-schema.ts';
import { type DatasetPlan, type LakeField, type LakeKind, storedColumns } from './plan.ts';
import { unscaled } from './value-tests.ts';

/** Rows in a row group: DuckDB's own, so that readers find the same shape whoever wrote. */
const ROW_GROUP_ROWS = 122_880;

/**
 * The rows as the bytes of a Parquet file: snappy, with statistics, dictionaries, column and offset index.
 *
 * Rows must keep the contract (see `compileValidator`); other keys than the stored columns are left out.
 */
export function toParquet(plan: DatasetPlan, rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const columnData = storedColumns(plan).map((column) => ({
    name: column.name,
    data: columnValues(column, column.name, rows),
    columnIndex: isFlat(column),
    offsetIndex: isFlat(column),
  }));
  const schema = parquetSchema(plan) as NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: ROW_GROUP_ROWS }));
}

function columnValues(field: LakeField, name: string, rows: readonly Readonly<Record<string, unknown>>[]): unknown[] {
  const convert = CONVERSIONS[field.type.kind](field);
  if (convert === undefined) return rows.map((row) => row[name]);
  return rows.map((row) => {
    const value = row[name];
    return value === null ? null : convert(value);
  });
}

type Convert = ((value: unknown) => unknown) | undefined;

/** From a value of a clean row to what the writer stores; undefined where they are the same. */
const CONVERSIONS: Record<LakeKind, (field: LakeField) => Convert> = {
  string: asItIs,
  enum: asItIs,
  int32: asItIs,
  int64: asItIs,
  double: asItIs,
  decimal:
    ({ type }) =>
    (value) =>
      unscaled(value as string, type.kind === 'decimal' ? type.scale : 0),
  boolean: asItIs,
  date: () => (value) => Date.parse(`${value}T00:00:00Z`) / 86_400_000,
  timestamp: () => (value) => BigInt(Date.parse(value as string)) * 1000n,
  array: ({ type }) => {
    if (type.kind !== 'array') return undefined;
    const convert = nullSafe(CONVERSIONS[type.element.type.kind](type.element));
    return (value) => (value as unknown[]).map(convert);
  },
  struct: ({ type }) => {
    if (type.kind !== 'struct') return undefined;
    const fields = type.fields.map(({ name, ...field }) => ({
      name,
      convert: nullSafe(CONVERSIONS[field.type.kind](field)),
    }));
    return (value) =>
      Object.fromEntries(fields.map(({ name, convert }) => [name, convert((value as Record<string, unknown>)[name])]));
  },
};

function asItIs(): Convert {
  return undefined;
}

function nullSafe(convert: Convert): (value: unknown) => unknown {
  return (value) => (value === null || convert === undefined ? value : convert(value));
}

function isFlat({ type }: LakeField): boolean {
  return type.kind !== 'array' && type.kind !== 'struct';
}
