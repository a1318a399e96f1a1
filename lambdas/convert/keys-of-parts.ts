import type { DuckDBConnection } from '@duckdb/node-api';
import type { BulkSource } from '../../core/contract/bulk-sql.ts';
import { sqlName, sqlText } from '../../core/contract/duckdb-type.ts';
import type { Column, DatasetPlan } from '../../core/contract/plan.ts';
import { positionKey } from '../../core/etl/position-key.ts';
import type { Part } from './row-sink.ts';

export interface Keys {
  /** Rows whose key came earlier in the same object. */
  readonly duplicates: number;
  /** Smallest and largest first key column; absent without rows. */
  readonly range?: readonly [string, string];
}

/** What a ledger entry says of the keys in an object's files. */
export async function keysOf(
  connection: DuckDBConnection,
  plan: DatasetPlan,
  format: BulkSource['format'],
  checksum: string,
  parts: readonly Part[],
): Promise<Keys> {
  if (parts.length === 0) return { duplicates: 0 };
  const files = `read_parquet([${parts.map(({ path }) => sqlText(path)).join(', ')}])`;
  const columns = plan.key.map((name) => plan.columns.find((column) => column.name === name) as Column);
  const first = columns[0] as Column;
  // A key from the position is unique, and as large as its line.
  if (format.kind === 'csv' && first.origin === 'position' && !format.header.places.has(first.name)) {
    const [least, most] = await row(connection, `SELECT min(source_line), max(source_line) FROM ${files}`);
    const ends = [positionKey(checksum, least as bigint), positionKey(checksum, most as bigint)].sort();
    return { duplicates: 0, range: [ends[0] as string, ends[1] as string] };
  }
  const names = columns.map(({ name }) => sqlName(name)).join(', ');
  const text = first.type.kind === 'timestamp' ? "strftime(x, '%Y-%m-%dT%H:%M:%S.%gZ')" : 'x::VARCHAR';
  const ends = (of: string) => text.replace('x', `${of}(${sqlName(first.name)})`);
  const [least, most] = await row(connection, `SELECT ${ends('min')}, ${ends('max')} FROM ${files}`);
  const [rows, different] = await row(
    connection,
    `SELECT sum(n), count(*) FROM (SELECT count(*) AS n FROM ${files} GROUP BY ${names})`,
  );
  return { duplicates: Number(rows) - Number(different), range: [String(least), String(most)] };
}

async function row(connection: DuckDBConnection, query: string): Promise<readonly unknown[]> {
  return (await connection.runAndReadAll(query)).getRows()[0] ?? [];
}
