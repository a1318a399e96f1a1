import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetPlan } from '../../../core/contract/plan.ts';
import { readCurrentManifest } from '../../../core/lake/curated-manifest.ts';
import { publishList } from '../../../core/lake/file-list.ts';
import { ledgerPrefix } from '../../../core/lake/keys.ts';
import { readCuratedSql, SQL_ROOT } from '../../../local/curated-sql.ts';
import { type FileStore, openFileStore } from '../../../local/file-store.ts';
import { type TableInput, writeTables } from './deployed-tables.ts';
import type { TrinoSession } from './trino-client.ts';
import { CATALOG } from './trino-server.ts';

/** A server, the folder that it sees as `local:///`, and what Glue would know. */
export interface TrinoHome {
  readonly url: string;
  readonly data: string;
  readonly tables: readonly TableInput[];
}

/** Opens an empty lake where Trino sees it. */
export async function lakeFor({ data }: TrinoHome, name: string): Promise<FileStore> {
  return openFileStore(join(data, name));
}

/** Lets Trino read the lake `name` by the tables and views that would be deployed, as its schema of the same name. */
export async function showToTrino(
  { url, data, tables }: TrinoHome,
  name: string,
  store: FileStore,
  plans: readonly DatasetPlan[],
): Promise<TrinoSession> {
  for (const plan of plans) {
    // On S3 there are no folders, so none can be missing.
    mkdirSync(join(store.root, 'processed', ledgerPrefix(plan.name)), { recursive: true });
    for (const { table } of await readCuratedSql(plan, SQL_ROOT)) {
      const manifest = await readCurrentManifest(store, table);
      if (manifest) await publishList(store, manifest, (zone, key) => `local:///${name}/${zone}/${key}`);
    }
  }
  writeTables(join(data, 'metastore'), name, tables);
  return { url, catalog: CATALOG, schema: name };
}
