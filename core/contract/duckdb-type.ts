import type { LakeType } from './plan.ts';

/** The DuckDB type that a lake type is stored as: an instant knows that it is UTC. */
export function duckdbType(type: LakeType): string {
  return typeWith(type, 'TIMESTAMPTZ');
}

/** The DuckDB type that queries see: an instant is a `timestamp` in UTC, as in Athena. */
export function queryType(type: LakeType): string {
  return typeWith(type, 'TIMESTAMP');
}

function typeWith(type: LakeType, instant: string): string {
  switch (type.kind) {
    case 'string':
    case 'enum':
      return 'VARCHAR';
    case 'int32':
      return 'INTEGER';
    case 'int64':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return instant;
    case 'array':
      return `${typeWith(type.element.type, instant)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${sqlName(field.name)} ${typeWith(field.type, instant)}`).join(', ')})`;
  }
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
