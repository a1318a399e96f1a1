/** The views of `sql/<dataset>/views` as the catalog takes them: in an order in which each finds what it reads. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hiveType } from '../core/contract/glue-columns.ts';
import type { LakeType } from '../core/contract/plan.ts';
import { CHECK_ENTRIES, CHECK_RESULTS, CHECK_VIEWS } from '../core/lake/check-results.ts';
import type { JsonColumn } from '../core/lake/json-relation.ts';
import { LEDGER, LEDGER_ENTRIES, LEDGER_REASONS, LEDGER_VIEWS } from '../core/lake/ledger-columns.ts';
import { RUN_ENTRIES, RUN_VIEWS, RUNS } from '../core/lake/run-records.ts';
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
  const checks = tables.includes(CHECK_ENTRIES) ? jsonViews(CHECK_VIEWS, 'What the checks of publications said.') : [];
  const runs = tables.includes(RUN_ENTRIES) ? jsonViews(RUN_VIEWS, 'What each run of the pipeline did.') : [];
  const known = [...tables, ...[...ledger, ...checks, ...runs].map(({ name }) => name)];
  const own = runnable(sqlFiles(dataset, 'views'), known).map(({ name, sql }) => ({
    name,
    description: /^-- (.+)$/m.exec(sql)?.[1] ?? name,
    sql,
    columns: columns[name] ?? unknownColumns(dataset, name),
  }));
  return [...ledger, ...checks, ...runs, ...own];
}

/** The ledger as readers know it, over the entries as they are stored. */
export function ledgerViews(): DeployedView[] {
  return jsonViews(LEDGER_VIEWS, 'The ledger: what was taken in, and what was refused.');
}

function jsonViews(views: Readonly<Record<string, string>>, description: string): DeployedView[] {
  return Object.entries(views).map(([name, sql]) => ({ name, description, sql, columns: JSON_COLUMNS[name] ?? [] }));
}

function viewColumns(dataset: string): Readonly<Record<string, ViewColumn[]>> {
  const path = `${SQL}${dataset}/view-columns.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function unknownColumns(dataset: string, name: string): never {
  throw new Error(`sql/${dataset}/view-columns.json does not know the view ${name}: run npm run docs`);
}

const JSON_COLUMNS: Readonly<Record<string, readonly ViewColumn[]>> = {
  ledger: ofTypes(typesOf(LEDGER)),
  ledger_reasons: ofTypes(LEDGER_REASONS),
  check_results: ofTypes(typesOf(CHECK_RESULTS)),
  runs: ofTypes(typesOf(RUNS)),
};

function typesOf(columns: Readonly<Record<string, JsonColumn>>): Record<string, LakeType> {
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));
}

function ofTypes(types: Readonly<Record<string, LakeType>>): ViewColumn[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    athenaType: type.kind === 'timestamp' ? 'timestamp(3)' : hiveType(type).replace('string', 'varchar'),
    hiveType: hiveType(type),
  }));
}
