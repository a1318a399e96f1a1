import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DuckDBOptions {
  /** Worker threads. */
  readonly threads: number;
  /** Most memory that the engine takes before it spills to the scratch folder. */
  readonly memoryLimitMiB: number;
  /** The one folder that the engine reads and writes; it exists. */
  readonly scratch: string;
}

export interface DuckDB {
  connect(): Promise<DuckDBConnection>;
  close(): Promise<void>;
}

/**
 * An engine in memory, in UTC, that touches no file outside the scratch folder, loads nothing and asks no network.
 * What it spills may hold personal values that are stored nowhere: closing the engine removes it.
 */
export async function openDuckDB({ threads, memoryLimitMiB, scratch }: DuckDBOptions): Promise<DuckDB> {
  const folder = resolve(scratch);
  const spill = await mkdtemp(join(folder, 'spill-'));
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.floor(memoryLimitMiB)}MiB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // It turns `x IN (…)` into a join, which holds back small batches of rows: row_number() then numbers other lines.
    disabled_optimizers: 'in_clause',
  });
  const connections: DuckDBConnection[] = [];
  const connect = async () => {
    const connection = await instance.connect();
    connections.push(connection);
    return connection;
  };
  const first = await connect();
  await first.run("SET GLOBAL TimeZone = 'UTC'");
  await first.run(`SET GLOBAL allowed_directories = ['${folder.replaceAll("'", "''")}']`);
  await first.run('SET GLOBAL enable_external_access = false');
  await first.run('SET GLOBAL lock_configuration = true');
  return {
    connect,
    async close() {
      for (const connection of connections) connection.closeSync();
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
}
