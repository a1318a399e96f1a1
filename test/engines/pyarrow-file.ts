import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type DatasetPlan,
  type LakeField,
  type LakeKind,
  type NamedField,
  storedColumns,
} from '../../core/contract/plan.ts';
import { ensurePython } from '../../local/python.ts';
import type { EngineFile } from './engine-file.ts';

const SCRIPT = fileURLToPath(new URL('read_parquet.py', import.meta.url));

/** What pyarrow finds in the files, all read by one Python. int64 comes as digits, see `withDigits`. */
export function readByPyarrow(paths: readonly string[]): EngineFile[] {
  const output = execFileSync(ensurePython('test/requirements.txt'), [SCRIPT, ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EngineFile);
}

/** The schema that pyarrow should find, in its own words. */
export function pyarrowSchema(plan: DatasetPlan): EngineFile['schema'] {
  return storedColumns(plan).map((column) => [column.name, typed(column)]);
}

function typed(field: LakeField): string {
  return `${TYPES[field.type.kind](field)}${field.nullable ? '' : ' not null'}`;
}

const TYPES: Record<LakeKind, (field: LakeField) => string> = {
  string: () => 'string',
  enum: () => 'string',
  int32: () => 'int32',
  int64: () => 'int64',
  double: () => 'double',
  decimal: ({ type }) => (type.kind === 'decimal' ? `decimal128(${type.precision}, ${type.scale})` : ''),
  boolean: () => 'bool',
  date: () => 'date32[day]',
  timestamp: () => 'timestamp[us, tz=UTC]',
  array: ({ type }) => (type.kind === 'array' ? `list<element: ${typed(type.element)}>` : ''),
  struct: ({ type }) => `struct<${type.kind === 'struct' ? type.fields.map(named).join(', ') : ''}>`,
};

function named(field: NamedField): string {
  return `${field.name}: ${typed(field)}`;
}

/** A clean row in the form that JSON can hold: int64 as digits. */
export function withDigits(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (Array.isArray(value)) return value.map(withDigits);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withDigits(item)]));
}
