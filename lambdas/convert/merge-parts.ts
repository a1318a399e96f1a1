import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../../core/contract/duckdb-type.ts';
import { PARQUET } from './convert-shard.ts';
import type { Part } from './row-sink.ts';

/** Makes one file of many, in their order: each shard leaves a small one, and readers pay for every file. */
export async function mergeParts(connection: DuckDBConnection, parts: readonly Part[], path: string): Promise<Part[]> {
  if (parts.length < 2) return [...parts];
  const sources = parts.map((part) => sqlText(part.path)).join(', ');
  await connection.run(`COPY (SELECT * FROM read_parquet([${sources}])) TO ${sqlText(path)} ${PARQUET}`);
  for (const part of parts) await rm(part.path, { force: true });
  return [{ path, rows: parts.reduce((sum, part) => sum + part.rows, 0) }];
}
