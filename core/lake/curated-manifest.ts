/**
 * A curated table is what its newest manifest names, and nothing else. Manifests are numbered and never changed:
 * a new state of the table is a new manifest, put after all its files by a conditional put.
 */
import type { ObjectStore } from '../ports.ts';
import type { DataFile } from './ledger.ts';
import { readJson } from './read-object.ts';

/** Ledger entries that were settled together, and the files that hold the outcome. */
export interface CuratedUnit {
  /** Made from the ledger ids and the fingerprint: the same id is the same rows. */
  readonly id: string;
  readonly ledgerIds: readonly string[];
  /** Files in curated/, at least one row each. */
  readonly files: readonly DataFile[];
  /** Processed rows that went in. */
  readonly rowsIn: number;
  /** Curated rows that came out. */
  readonly rows: number;
  /** Settled rows whose content stands earlier in the same source object; flagged, not left out. */
  readonly repeats: number;
}

export interface CuratedManifest {
  readonly table: string;
  readonly dataset: string;
  /** Counts up from 1. */
  readonly version: number;
  /** Of the contract and the SQL that made the files; another one means that all is made anew. */
  readonly fingerprint: string;
  /** ISO, UTC. */
  readonly createdAt: string;
  /** Processed rows that went in. */
  readonly rowsIn: number;
  readonly rows: number;
  /** Processed rows that a newer row of the same key replaced: `rowsIn - rows`. */
  readonly superseded: number;
  readonly repeats: number;
  readonly units: readonly CuratedUnit[];
}

/** Folder of the manifests of all tables, in curated/. */
export const MANIFESTS = '_manifests/';

/** `curated/_manifests/<table>/`. */
export function manifestPrefix(table: string): string {
  return `${MANIFESTS}${table}/`;
}

export function manifestKey(table: string, version: number): string {
  return `${manifestPrefix(table)}${String(version).padStart(8, '0')}.json`;
}

/** The manifest that readers follow, or undefined where the table was never published. */
export async function readCurrentManifest(store: ObjectStore, table: string): Promise<CuratedManifest | undefined> {
  const newest = (await manifestKeys(store, table)).at(-1);
  return newest === undefined ? undefined : readManifest(store, newest);
}

/** Throws where there is no manifest of this key. */
export async function readManifest(store: ObjectStore, key: string): Promise<CuratedManifest> {
  const manifest = await readJson(store, 'curated', key);
  if (manifest === undefined) throw new Error(`the manifest curated/${key} was removed while it was being read`);
  return manifest as CuratedManifest;
}

/** Keys of all manifests that are still there, oldest first. */
export async function manifestKeys(store: ObjectStore, table: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('curated', manifestPrefix(table))) {
    if (key.endsWith('.json')) keys.push(key);
  }
  return keys;
}

/** Publishes a manifest. Throws `PreconditionFailed` where another writer has published this version. */
export async function putManifest(store: ObjectStore, manifest: CuratedManifest): Promise<void> {
  const body = `${JSON.stringify(manifest, null, 2)}\n`;
  await store.put('curated', manifestKey(manifest.table, manifest.version), body, { ifNoneMatch: '*' });
}

/** The files in curated/ that readers of the table may see. */
export function curatedFiles(manifest: CuratedManifest): DataFile[] {
  return manifest.units.flatMap((unit) => unit.files);
}
