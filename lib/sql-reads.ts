/** What statements read of a catalog. */
import type { Zone } from '../core/ports.ts';
import type { CatalogTable } from './catalog-tables.ts';
import type { DeployedView } from './deployed-views.ts';
import { relationsOf } from './sql-files.ts';

export interface SqlReads {
  /** Tables and views, those behind views among them. */
  readonly relations: readonly string[];
  /** Folders of the files behind the tables. */
  readonly prefixes: Readonly<Record<Zone, readonly string[]>>;
}

export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly views: readonly DeployedView[];
}

/** What these relations read. One that the catalog lacks is left out. */
export function sqlReads(names: readonly string[], catalog: Catalog): SqlReads {
  const found = new Set<string>();
  const asked = [...names];
  for (const name of asked) {
    const view = catalog.views.find((it) => it.name === name);
    const isKnown = view !== undefined || catalog.tables.some((it) => it.name === name);
    if (!isKnown || found.has(name)) continue;
    found.add(name);
    if (view !== undefined) asked.push(...relationsOf(view.sql));
  }
  const tables = catalog.tables.filter(({ name }) => found.has(name));
  const folders = (zone: Zone) => [
    ...new Set(tables.filter((it) => it.zone === zone).flatMap(({ prefix }) => withListed(prefix.replace(/\/$/, '')))),
  ];
  const prefixes = {
    raw: folders('raw'),
    processed: folders('processed'),
    curated: folders('curated'),
    rejected: folders('rejected'),
  };
  return { relations: [...found].sort(), prefixes };
}

/** A list under `published/` names files of the table's own folder. */
function withListed(folder: string): string[] {
  const table = /^published\/(.+)$/.exec(folder)?.[1];
  return table === undefined ? [folder] : [folder, table];
}
