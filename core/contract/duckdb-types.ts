import type { LakeKind, LakeType } from './plan.ts';

/** The type that DuckDB has for a column of the lake; an instant is a `timestamp` in UTC, as in Athena. */
export function duckdbType(type: LakeType): string {
  return TYPES[type.kind](type);
}

const TYPES: Record<LakeKind, (type: LakeType) => string> = {
  string: () => 'varchar',
  enum: () => 'varchar',
  int32: () => 'integer',
  int64: () => 'bigint',
  double: () => 'double',
  decimal: (type) => (type.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : ''),
  boolean: () => 'boolean',
  date: () => 'date',
  timestamp: () => 'timestamp',
  array: (type) => (type.kind === 'array' ? `${duckdbType(type.element.type)}[]` : ''),
  struct: (type) => {
    if (type.kind !== 'struct') return '';
    const fields = type.fields.map((field) => `"${field.name.replaceAll('"', '""')}" ${duckdbType(field.type)}`);
    return `struct(${fields.join(', ')})`;
  },
};
