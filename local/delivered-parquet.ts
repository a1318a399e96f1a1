import type { DuckDBConnection } from '@duckdb/node-api';
import { type DatasetPlan, type LakeType, storedColumns } from '../core/contract/plan.ts';

export interface DeliveredRows {
  readonly rows: number;
  /** Different keys among them. */
  readonly keys: number;
  /** Smallest and largest first key column. */
  readonly keyRange?: readonly [string, string];
}

/**
 * Converts JSON lines as the transform encodes them to Parquet, as Firehose does with the table's schema.
 *
 * Throws where a line is not what the schema says: the transform has checked every row, so that is our mistake.
 */
export async function convertDelivered(
  connection: DuckDBConnection,
  plan: DatasetPlan,
  jsonPath: string,
  parquetPath: string,
): Promise<DeliveredRows> {
  const columns = storedColumns(plan);
  const types = columns.map((column) => `${text(column.name)}: ${text(duckdbType(column.type))}`).join(', ');
  const names = columns.map((column) => identifier(column.name)).join(', ');
  await connection.run(
    `copy (select ${names} from read_json(${text(jsonPath)}, format = 'newline_delimited', columns = {${types}}))
     to ${text(parquetPath)} (format parquet, compression zstd)`,
  );
  const first = identifier(plan.key[0] ?? '');
  const reader = await connection.runAndReadAll(
    `select count(*), count(distinct (${plan.key.map(identifier).join(', ')})), min(${first})::varchar, max(${first})::varchar
     from read_parquet(${text(parquetPath)})`,
  );
  const [rows, keys, least, most] = reader.getRows()[0] ?? [];
  const keyRange = least === null ? {} : { keyRange: [String(least), String(most)] as const };
  return { rows: Number(rows), keys: Number(keys), ...keyRange };
}

function duckdbType(type: LakeType): string {
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
      return 'TIMESTAMPTZ';
    case 'array':
      return `${duckdbType(type.element.type)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${duckdbType(field.type)}`).join(', ')})`;
  }
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
