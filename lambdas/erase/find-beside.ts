/** What a lake holds of a person beside the files that its ledger names. */

import { MANIFESTS, readManifest } from '../../core/lake/curated-manifest.ts';
import { erasedRawPrefix, stagedObjects, type ZoneKey } from '../../core/lake/erasures.ts';
import { DELIVERED } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import { modelTables } from '../../datasets/features.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import type { FoundObject, Search } from './find-in-entry.ts';
import type { FoundPerson } from './find-person.ts';
import { countNamed, type Lines, processedRows, refusedRows, rowsOfKeys } from './found-rows.ts';
import { type SearchedRaw, searchRaw } from './search-raw.ts';

/** Where large objects lie in pieces until they are taken in. */
const LARGE = { zone: 'processed', folder: '_large' } as const;
const FRAMES = { zone: 'raw', folder: '_frames' } as const;

export async function strayRaw(search: Search, entries: readonly LedgerEntry[]): Promise<SearchedRaw[]> {
  const { store, plan } = search.ports;
  const named = new Set(entries.map(({ rawKey }) => rawKey));
  const found: SearchedRaw[] = [];
  const look = async (key: string) => {
    const raw = await searchRaw(search, key, new Set());
    if (raw !== undefined && raw.source.hits.length > 0) found.push(raw);
  };
  for await (const { key } of store.list('raw', `${plan.name}/`)) if (!named.has(key)) await look(key);
  for await (const { key } of store.list('raw', erasedRawPrefix(plan.name)))
    if (isWithdrawn(key, entries)) await look(key);
  return found;
}

/** Whether what an erasure has left is of an object that has no entry any more; else another erasure was stopped here. */
function isWithdrawn(erasedKey: string, entries: readonly LedgerEntry[]): boolean {
  return !entries.some(({ id }) => erasedKey.split('/').includes(id));
}

export async function findScores(search: Search, objects: readonly FoundObject[]): Promise<FoundPerson['scores']> {
  const { ports, connection, folder } = search;
  const keys = new Set(objects.flatMap(({ files }) => files.flatMap(({ rows }) => rows.map(({ key }) => key))));
  const found: { key: string; path: string; rows: number[] }[] = [];
  for (const table of modelTables(ports.plan.name)) {
    if (!ports.plan.key.every((name) => table.columns.some((column) => column.name === name))) continue;
    for await (const { key } of ports.store.list('curated', `${table.name}/`)) {
      const path = await ports.pathOf('curated', key, folder);
      const rows = path === undefined ? [] : await rowsOfKeys(connection, path, ports.plan, keys);
      if (path !== undefined && rows.length > 0) found.push({ key, path, rows });
    }
  }
  return found;
}

export async function countCurated({ ports, connection, folder, person }: Search): Promise<number> {
  const { store, plan } = ports;
  const tables = new Set<string>();
  for await (const { key } of store.list('curated', MANIFESTS)) {
    if (!key.endsWith('.json')) continue;
    const { dataset, table } = await readManifest(store, key);
    if (dataset === plan.name) tables.add(table);
  }
  let rows = 0;
  for (const table of tables) {
    for await (const { key } of store.list('curated', `${table}/`)) {
      const path = await ports.pathOf('curated', key, folder);
      if (path !== undefined) rows += await countNamed(connection, path, person);
    }
  }
  return rows;
}

export async function looseFiles({ store, plan }: ReprocessPorts, entries: readonly LedgerEntry[]): Promise<ZoneKey[]> {
  const named = new Set([...visibleFiles(entries), ...visibleRejectedFiles(entries)].map(({ key }) => key));
  for (const { rawKey } of entries) if (rawKey !== undefined) named.add(rawKey);
  const places: ZoneKey[] = [
    { zone: 'processed', key: `${plan.name}/` },
    { zone: 'rejected', key: `${plan.name}/` },
    { zone: 'raw', key: erasedRawPrefix(plan.name) },
  ];
  for (const waiting of [LARGE, FRAMES]) {
    for await (const { key } of store.list(waiting.zone, `${waiting.folder}/${plan.name}/`))
      throw new Error(
        `${waiting.zone}/${key} is of a large object that is being taken in: wait for it and erase again`,
      );
  }
  const loose: ZoneKey[] = [];
  for (const { zone, key: prefix } of places) {
    for await (const { key } of store.list(zone, prefix)) {
      if (named.has(key) || (zone === 'raw' && isWithdrawn(key, entries))) continue;
      if (key.endsWith(DELIVERED))
        throw new Error(`${zone}/${key} was delivered and is not in the ledger yet: wait for it and erase again`);
      loose.push({ zone, key });
    }
  }
  for await (const staged of stagedObjects(store, plan.name)) loose.push(staged);
  return loose;
}

export async function countLoose(search: Search, loose: readonly ZoneKey[]): Promise<number> {
  const { ports, connection, folder, person } = search;
  let rows = 0;
  for (const { zone, key } of loose) {
    if (!key.endsWith('.parquet') || !key.startsWith(`${ports.plan.name}/`)) continue;
    const path = await ports.pathOf(zone, key, folder);
    if (path === undefined) continue;
    const lines: Lines = new Set();
    const found =
      zone === 'processed'
        ? await processedRows(connection, path, { plan: ports.plan, person, lines })
        : await refusedRows(connection, path, { ...search, lines, format: undefined });
    rows += found.length;
  }
  return rows;
}
