/** The views of `sql/<dataset>/views` as the catalog takes them: in an order in which each finds what it reads. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hiveType } from '../core/contract/glue-columns.ts';
import type { LakeType } from '../core/contract/plan.ts';
import { LEDGER, LEDGER_ENTRIES, LEDGER_REASONS, LEDGER_VIEWS } from '../core/lake/ledger-columns.ts';
import type { ViewColumn } from './constructs/lake-view.ts';
import { runnable, sqlFiles } from './sql-files.ts';

/** A view but for its database. */
export interface DeployedView {
  readonly name: string;
  /** First comment of the file: what a row is. */
  readonly description: string;
  readonly sql: string;
  readonly columns: readonly ViewColumn[];
}

const SQL = fileURLToPath(new URL('../sql/', import.meta.url));

/**
 * The views that read nothing but `tables` and one another. Their columns stand in `sql/<dataset>/view-columns.json`,
 * which `npm run docs` writes and a test compares with the engines.
 */
export function deployedViews(dataset: string, tables: readonly string[]): DeployedView[] {
  const columns = viewColumns(dataset);
  const ledger = tables.includes(LEDGER_ENTRIES) ? ledgerViews() : [];
  const known = [...tables, ...ledger.map(({ name }) => name)];
  const own = runnable(sqlFiles(dataset, 'views'), known).map(({ name, sql }) => ({
    name,
    description: /^-- (.+)$/m.exec(sql)?.[1] ?? name,
    sql,
    columns: columns[name] ?? unknownColumns(dataset, name),
  }));
  return [...ledger, ...own];
}

/** The ledger as readers know it, over the entries as they are stored. */
export function ledgerViews(): DeployedView[] {
  return Object.entries(LEDGER_VIEWS).map(([name, sql]) => ({
    name,
    description: 'The ledger: what was taken in, and what was refused.',
    sql,
    columns: LEDGER_COLUMNS[name] ?? [],
  }));
}

function viewColumns(dataset: string): Readonly<Record<string, ViewColumn[]>> {
  const path = `${SQL}${dataset}/view-columns.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function unknownColumns(dataset: string, name: string): never {
  throw new Error(`sql/${dataset}/view-columns.json does not know the view ${name}: run npm run docs`);
}

const LEDGER_COLUMNS: Readonly<Record<string, readonly ViewColumn[]>> = {
  ledger: ofTypes(Object.fromEntries(Object.entries(LEDGER).map(([name, { type }]) => [name, type]))),
  ledger_reasons: ofTypes(LEDGER_REASONS),
};

function ofTypes(types: Readonly<Record<string, LakeType>>): ViewColumn[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    athenaType: type.kind === 'timestamp' ? 'timestamp(3)' : hiveType(type).replace('string', 'varchar'),
    hiveType: hiveType(type),
  }));
}
