import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import type { Zone } from '../../core/ports.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';

/** What readers see of a lake, and every file that lies in it. */
export interface LakeState {
  readonly entries: readonly LedgerEntry[];
  readonly rows: Readonly<Record<'processed' | 'rejected' | 'curated', TableState>>;
  /**
   * Path of every file of the lake, temporary ones and locks included, ledger entries and data alike; but for the records
   * of runs, for a run that is killed after it published leaves none.
   */
  readonly files: readonly string[];
}

/** Rows of a table without regard to their order: how many, and the sum of their hashes. */
export interface TableState {
  readonly rows: number;
  readonly content: string;
}

const instance = await DuckDBInstance.create(':memory:');

/** Reads a lake as readers do: only what the ledger and the manifest name. Throws where one of those files is not whole. */
export async function readLake(lake: string, dataset: string): Promise<LakeState> {
  const store = await openFileStore(lake);
  const files = (await readdir(lake, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(lake.length + 1))
    .filter((path) => !path.startsWith('curated/runs/'))
    .sort();
  const entries = await listEntries(store, dataset);
  const manifest = await readCurrentManifest(store, dataset);
  return {
    entries,
    rows: {
      processed: await readTable(store, 'processed', visibleFiles(entries)),
      rejected: await readTable(store, 'rejected', visibleRejectedFiles(entries)),
      curated: await readTable(store, 'curated', manifest === undefined ? [] : curatedFiles(manifest)),
    },
    files,
  };
}

async function readTable(store: FileStore, zone: Zone, files: readonly DataFile[]): Promise<TableState> {
  if (files.length === 0) return { rows: 0, content: '' };
  const paths = files.map((file) => `'${store.pathOf(zone, file.key)}'`).join(', ');
  const connection = await instance.connect();
  try {
    await connection.run(`create or replace temp view seen as select * from read_parquet([${paths}])`);
    const rows = Number(await first(connection, 'select count(*) from seen'));
    const promised = files.reduce((sum, file) => sum + file.rows, 0);
    if (rows !== promised) throw new Error(`${zone} has ${rows} rows, expected ${promised} by its manifest`);
    return { rows, content: String(await first(connection, 'select sum(hash(seen)) from seen')) };
  } finally {
    connection.closeSync();
  }
}

async function first(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
}
