import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetPlan } from '../../../core/contract/plan.ts';
import { checksPrefix } from '../../../core/lake/check-results.ts';
import { curatedFiles, readCurrentManifest } from '../../../core/lake/curated-manifest.ts';
import { publishList, putFileList } from '../../../core/lake/file-list.ts';
import { candidatePrefix, ledgerPrefix } from '../../../core/lake/keys.ts';
import type { DataFile } from '../../../core/lake/ledger.ts';
import { LEDGER_ENTRIES, type ListedEntry } from '../../../core/lake/ledger-columns.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../../core/lake/read-ledger.ts';
import type { Zone } from '../../../core/ports.ts';
import { readCuratedSql, SQL_ROOT } from '../../../local/curated-sql.ts';
import type { TrinoSession } from '../../../local/engines/ask-trino.ts';
import { type FileStore, openFileStore } from '../../../local/file-store.ts';
import { type DeployedTables, writeTables } from './deployed-tables.ts';
import { CATALOG } from './trino-server.ts';

/** A server, the folder that it sees as `local:///`, and what Glue would know. */
export interface TrinoHome {
  readonly url: string;
  readonly data: string;
  readonly tables: DeployedTables;
}

/** Opens an empty lake where Trino sees it. */
export async function lakeFor({ data }: TrinoHome, name: string): Promise<FileStore> {
  return openFileStore(join(data, name));
}

/** Lets Trino read the lake `name` by the tables and views that would be deployed, in schemas named after it. */
export async function showToTrino(
  { url, data, tables }: TrinoHome,
  name: string,
  store: FileStore,
  plans: readonly DatasetPlan[],
): Promise<{ readonly published: TrinoSession; readonly candidate: TrinoSession }> {
  const addressOf = (zone: Zone, key: string) => `local:///${name}/${zone}/${key}`;
  for (const plan of plans) {
    // On S3 there are no folders, so none can be missing.
    mkdirSync(join(store.root, 'processed', ledgerPrefix(plan.name)), { recursive: true });
    mkdirSync(join(store.root, 'curated', checksPrefix(plan.name)), { recursive: true });
    await publish(store, plan, addressOf);
  }
  const metastore = join(data, 'metastore');
  const session = (schema: string) => ({ url, catalog: CATALOG, schema });
  writeTables(metastore, name, name, tables.published);
  writeTables(metastore, `${name}_candidate`, name, tables.candidate);
  return { published: session(name), candidate: session(`${name}_candidate`) };
}

/** The lists that the functions of a publication put, of what is published and, as a candidate, of the same again. */
async function publish(
  store: FileStore,
  plan: DatasetPlan,
  addressOf: (zone: Zone, key: string) => string,
): Promise<void> {
  const list = (name: string, zone: Zone, files: readonly DataFile[]) =>
    putFileList(
      store,
      candidatePrefix(name),
      files.map(({ key }) => addressOf(zone, key)),
    );
  const published = new Set<string>();
  for (const { table } of await readCuratedSql(plan, SQL_ROOT)) {
    const manifest = await readCurrentManifest(store, table);
    if (manifest === undefined) continue;
    for (const id of manifest.units.flatMap(({ ledgerIds }) => ledgerIds)) published.add(id);
    await publishList(store, manifest, addressOf);
    await list(table, 'curated', curatedFiles(manifest));
  }
  const entries = await listEntries(store, plan.name);
  await list(`processed_${plan.name}`, 'processed', visibleFiles(entries));
  await list(`rejected_${plan.name}`, 'rejected', visibleRejectedFiles(entries));
  const lines = entries.map((entry) => {
    const listed: ListedEntry = { ...entry, isPublished: published.has(entry.id) };
    return `${JSON.stringify(listed)}\n`;
  });
  await store.put('curated', `${candidatePrefix(LEDGER_ENTRIES)}${plan.name}.json`, lines.join(''));
}
