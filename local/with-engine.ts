import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { FileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';

/** What DuckDB may hold in memory; beyond it, it works with files in the lake's `.tmp`. */
const MEMORY_MIB = 256;
/** Each thread holds a row group of its own while it writes: more of them would not fit. */
const MOST_THREADS = 4;

/** Runs work on a DuckDB of its own, in memory and spilling to the lake. Closed, and its files removed, at the end. */
export async function withEngine<T>(store: FileStore, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return inLake(store.root, async () => {
    const spill = await store.scratch.folder('spill');
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(Math.min(availableParallelism(), MOST_THREADS)),
      memory_limit: `${MEMORY_MIB}MiB`,
      temp_directory: spill,
      preserve_insertion_order: 'false',
    });
    try {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    }
  });
}
