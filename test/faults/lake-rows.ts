import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

let connection: DuckDBConnection | undefined;

export type ReadRow = Readonly<Record<string, unknown>>;

/** The rows of Parquet files, in their order, values as JSON. */
export async function rowsOf(paths: readonly string[]): Promise<ReadRow[]> {
  if (paths.length === 0) return [];
  connection ??= await (await DuckDBInstance.create(':memory:')).connect();
  const files = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  const reader = await connection.runAndReadAll(
    `select * from read_parquet([${files}], hive_partitioning = false, union_by_name = true)`,
  );
  return reader.getRowObjectsJson();
}
