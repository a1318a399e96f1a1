import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type DatasetPlan, type LakeKind, type LakeType, storedColumns } from '../../core/contract/plan.ts';
import type { EngineFile } from './engine-file.ts';

/** What DuckDB finds in the file. */
export async function readByDuckdb(path: string): Promise<EngineFile> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
    const names = result.columnNames();
    return {
      schema: names.map((name, index) => [name, `${result.columnType(index)}`]),
      rows: result.getRows().map((row) => Object.fromEntries(row.map((value, index) => [names[index], plain(value)]))),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The schema that DuckDB should find, in its own words. */
export function duckdbSchema(plan: DatasetPlan): EngineFile['schema'] {
  return storedColumns(plan).map(({ name, type }) => [name, TYPES[type.kind](type)]);
}

const TYPES: Record<LakeKind, (type: LakeType) => string> = {
  string: () => 'VARCHAR',
  enum: () => 'VARCHAR',
  int32: () => 'INTEGER',
  int64: () => 'BIGINT',
  double: () => 'DOUBLE',
  decimal: (type) => (type.kind === 'decimal' ? `DECIMAL(${type.precision},${type.scale})` : ''),
  boolean: () => 'BOOLEAN',
  date: () => 'DATE',
  timestamp: () => 'TIMESTAMP WITH TIME ZONE',
  array: (type) => (type.kind === 'array' ? `${TYPES[type.element.type.kind](type.element.type)}[]` : ''),
  struct: (type) => {
    const fields = type.kind === 'struct' ? type.fields : [];
    return `STRUCT(${fields.map((field) => `"${field.name}" ${TYPES[field.type.kind](field.type)}`).join(', ')})`;
  },
};

function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return instant(value.micros);
  if (value instanceof DuckDBDateValue) return day(new Date(value.days * 86_400_000).toISOString());
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, plain(item)]));
  }
  return value;
}

function instant(micros: bigint): string {
  if (micros % 1000n !== 0n) throw new Error(`not a whole millisecond: ${micros}`);
  return new Date(Number(micros / 1000n)).toISOString();
}

function day(text: string): string {
  return text.slice(0, text.indexOf('T'));
}

function decimal({ value, scale }: DuckDBDecimalValue): string {
  const digits = `${value < 0n ? -value : value}`.padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
  return `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${fraction}`;
}
