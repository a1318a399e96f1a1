import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourcesOf } from '../core/lake/group-entries.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { pathText } from '../core/lake/settle-sql.ts';
import type { FileStore } from './file-store.ts';

/**
 * Looks up which files the rows of each entry come from: for a batch the object itself (or
 * the one whose rows were replayed), for a stream what its rows say.
 */
export async function findSources(
  store: FileStore,
  connection: DuckDBConnection,
  entries: readonly LedgerEntry[],
): Promise<SourcesOf> {
  const found = new Map<string, string[]>();
  const streamed = entries.filter((entry) => entry.source === 'stream' && entry.files.length > 0);
  if (streamed.length > 0) {
    const owners = new Map(
      streamed.flatMap((entry) => entry.files.map((file) => [store.pathOf('processed', file.key), entry.id])),
    );
    const paths = [...owners.keys()].map(pathText).join(', ');
    const reader = await connection.runAndReadAll(
      `select distinct filename, source_checksum from read_parquet([${paths}], filename = true, hive_partitioning = false) where source_checksum is not null`,
    );
    for (const [path, checksum] of reader.getRows()) {
      const id = owners.get(String(path));
      if (id !== undefined) found.set(id, [...(found.get(id) ?? []), String(checksum)]);
    }
  }
  return (entry) => (entry.source === 'batch' ? [entry.replayOf ?? entry.id] : (found.get(entry.id) ?? []));
}
