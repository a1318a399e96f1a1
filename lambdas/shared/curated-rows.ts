/** Reads the files that one manifest of a curated table names, in a scratch folder that is gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type CuratedManifest, curatedFiles } from '../../core/lake/curated-manifest.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { openDuckDB } from './duckdb.ts';
import { fetchObject } from './fetch-object.ts';

export interface CuratedPorts {
  readonly store: ObjectStore;
  /** A folder for temporary files. */
  readonly scratch: string;
}

const ENGINE = { threads: 2, memoryLimitMiB: 512 } as const;

/** Gives an engine and the relation of the rows; undefined where the manifest names no file. */
export async function withCurated<T>(
  { store, scratch }: CuratedPorts,
  manifest: CuratedManifest,
  work: (connection: DuckDBConnection, relation: string) => Promise<T>,
): Promise<T | undefined> {
  const files = curatedFiles(manifest);
  if (files.length === 0) return undefined;
  const folder = await mkdtemp(join(scratch, 'curated-'));
  try {
    const paths: string[] = [];
    for (const { key } of files) {
      const path = join(folder, `${paths.length}.parquet`);
      if ((await fetchObject(store, 'curated', key, path)) === undefined) {
        throw new Error(`the file curated/${key} is in the manifest of ${manifest.table} and is not there`);
      }
      paths.push(`'${path.replaceAll("'", "''")}'`);
    }
    const duck = await openDuckDB({ ...ENGINE, scratch: folder });
    try {
      return await work(await duck.connect(), `read_parquet([${paths.join(', ')}])`);
    } finally {
      await duck.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
