import type { DuckDBConnection } from '@duckdb/node-api';
import { queryType } from '../core/contract/duckdb-type.ts';
import { type DatasetPlan, storedColumns } from '../core/contract/plan.ts';
import { type CheckRecord, readCheckRecords } from '../core/lake/check-results.ts';
import { type CuratedManifest, curatedFiles, readCurrentManifest } from '../core/lake/curated-manifest.ts';
import type { DataFile } from '../core/lake/ledger.ts';
import type { ListedEntry } from '../core/lake/ledger-columns.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../core/lake/read-ledger.ts';
import { rejectionsPlan } from '../core/lake/rejections.ts';
import { type RunRecord, readRunRecords } from '../core/lake/run-records.ts';
import { pathText, settledName } from '../core/lake/settle-sql.ts';
import type { Zone } from '../core/ports.ts';
import { modelTables } from '../datasets/features.ts';
import { readCuratedSql } from './curated-sql.ts';
import { checkDialect } from './dialect.ts';
import type { FileStore } from './file-store.ts';
import { registerLedger } from './ledger-relations.ts';
import { inDependencyOrder, readSql, type SqlFile } from './sql-library.ts';

/** A relation of the lake and the files behind it. */
export interface Relation {
  readonly name: string;
  readonly paths: readonly string[];
  readonly partitionBy: string;
  /** Columns by name, or the SQL that makes them of settled rows. */
  readonly columns: readonly Column[] | string;
  readonly plan: DatasetPlan;
}

interface Column {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
}

/** What the ledgers and manifests of a lake name at one moment. */
export interface LakeContents {
  readonly relations: readonly Relation[];
  readonly entries: readonly ListedEntry[];
  readonly checks: readonly CheckRecord[];
  readonly runs: readonly RunRecord[];
  /** Each behind those that it reads. */
  readonly views: readonly SqlFile[];
}

/** With `candidates`, what is to be published next stands in the place of what is. */
export async function readLake(
  store: FileStore,
  plans: readonly DatasetPlan[],
  sqlRoot: string,
  candidates: readonly CuratedManifest[] = [],
): Promise<LakeContents> {
  const relations: Relation[] = [];
  const entries: ListedEntry[] = [];
  const checks: CheckRecord[] = [];
  const runs: RunRecord[] = [];
  const views: SqlFile[] = [];
  for (const plan of plans) {
    const ledger = await listEntries(store, plan.name);
    const published = new Set<string>();
    relations.push(
      ofPlan(store, `processed_${plan.name}`, 'processed', plan, visibleFiles(ledger)),
      ofPlan(store, `rejected_${plan.name}`, 'rejected', rejectionsPlan, visibleRejectedFiles(ledger)),
    );
    for (const { table, sql } of await readCuratedSql(plan, sqlRoot)) {
      const current = await readCurrentManifest(store, table);
      for (const unit of current?.units ?? []) for (const id of unit.ledgerIds) published.add(id);
      const manifest = candidates.find((candidate) => candidate.table === table) ?? current;
      const paths = manifest ? pathsOf(store, 'curated', curatedFiles(manifest)) : [];
      relations.push({ name: table, paths, partitionBy: plan.partitionBy, columns: sql, plan });
    }
    for (const table of modelTables(plan.name)) {
      const files: Listed[] = [];
      for await (const file of store.list('curated', `${table.name}/`)) files.push(file);
      relations.push(ofPlan(store, table.name, 'curated', table, files));
    }
    entries.push(...ledger.map((entry) => ({ ...entry, isPublished: published.has(entry.id) })));
    checks.push(...(await readCheckRecords(store, plan.name)));
    runs.push(...(await readRunRecords(store, plan.name)));
    views.push(...(await readSql(sqlRoot, plan.name, 'views')));
  }
  return { relations, entries, checks, runs, views: inDependencyOrder(views) };
}

/**
 * Registers everything under its name. With `tagged`, the plan of a query says which relation each scan reads: the
 * filters of the scan name the column that `tagOf` gives.
 */
export async function registerLake(
  connection: DuckDBConnection,
  { relations, entries, checks, runs, views }: LakeContents,
  { tagged = false } = {},
): Promise<void> {
  for (const relation of relations) {
    const columns = await columnsOf(connection, relation);
    checkFolder(relation, columns);
    await createView(connection, relation.name, relationSql({ ...relation, columns }, tagged), adviceFor(relation));
  }
  await registerLedger(connection, entries, checks, runs);
  for (const { name, sql } of views) {
    checkDialect(sql);
    await createView(connection, name, sql);
    await narrowSums(connection, name, sql);
  }
}

/** Name of the column that marks the scans of a relation, see `registerLake`. */
export function tagOf(relation: string): string {
  return `files of ${relation}`;
}

/** A filter on paths that are never empty changes no answer, and stays visible in the plan. */
function relationSql(relation: Relation & { readonly columns: readonly Column[] }, tagged: boolean): string {
  const { columns, paths, partitionBy } = relation;
  if (paths.length === 0) {
    const nulls = columns.map(({ name, type }) => `cast(null as ${type}) as ${quoted(name)}`);
    return `select ${nulls.join(', ')} where false`;
  }
  const typed = columns.map(({ name, type }) => `cast(${quoted(name)} as ${type}) as ${quoted(name)}`);
  const files = `[${paths.map(pathText).join(', ')}]`;
  const tag = quoted(tagOf(relation.name));
  const options = ['hive_partitioning = true', `hive_types = {${quoted(partitionBy)}: date}`];
  return tagged
    ? `select ${typed.join(', ')} from read_parquet(${files}, ${options.join(', ')}, filename = ${tag}) where ${tag} <> ''`
    : `select ${typed.join(', ')} from read_parquet(${files}, ${options.join(', ')})`;
}

/** A folder `/data/route=x/lake` would give every row the route x. */
function checkFolder({ paths, partitionBy }: Relation, columns: readonly Column[]): void {
  const folders = (paths[0] ?? '').split(/[\\/]/).flatMap((part) => /^(.+?)=/.exec(part)?.[1] ?? []);
  const wrong = folders.find((key) => key !== partitionBy && columns.some(({ name }) => name === key.toLowerCase()));
  if (wrong === undefined) return;
  throw new Error(`the lake lies under a folder '${wrong}=…', which is the name of a column: move the lake elsewhere`);
}

async function createView(connection: DuckDBConnection, name: string, sql: string, advice = ''): Promise<void> {
  await connection.run(`create view ${quoted(name)} as ${sql}`).catch((error: Error) => {
    throw new Error(`the relation '${name}' cannot be made: ${error.message.split('\n')[0]}${advice}`, {
      cause: error,
    });
  });
}

function adviceFor({ columns }: Relation): string {
  return typeof columns === 'string'
    ? '; its files were made by another version of its SQL: run any file again to have them made anew'
    : '';
}

/** Athena sums whole numbers to 64 bits, DuckDB to 128, which Parquet has no type for. */
async function narrowSums(connection: DuckDBConnection, name: string, sql: string): Promise<void> {
  const columns = await describe(connection, name);
  if (!columns.some(({ type }) => type === 'HUGEINT')) return;
  await connection.run(`create or replace view ${quoted(name)} as ${withoutHugeInts(columns, sql)}`);
}

/** The same rows under the names of `columns`, with 64 bits for 128. */
export function withoutHugeInts(columns: readonly Column[], sql: string): string {
  const narrowed = columns.map(({ name, type }) =>
    type === 'HUGEINT' ? `cast(${quoted(name)} as bigint) as ${quoted(name)}` : quoted(name),
  );
  const names = columns.map(({ name }) => quoted(name));
  return `select ${narrowed.join(', ')} from (\n${sql}\n) as answer (${names.join(', ')})`;
}

type Listed = Pick<DataFile, 'key'>;

function ofPlan(store: FileStore, name: string, zone: Zone, plan: DatasetPlan, files: readonly Listed[]): Relation {
  const columns = [...storedColumns(plan), undefined].map((column) =>
    column === undefined
      ? { name: plan.partitionBy, type: 'date' }
      : { name: column.name, type: queryType(column.type) },
  );
  return { name, paths: pathsOf(store, zone, files), partitionBy: plan.partitionBy, columns, plan };
}

function pathsOf(store: FileStore, zone: Zone, files: readonly Listed[]): string[] {
  return files.map(({ key }) => store.pathOf(zone, key));
}

/** A curated table has the columns that its SQL makes of settled rows, which DuckDB says without any row. */
async function columnsOf(connection: DuckDBConnection, { columns, plan }: Relation): Promise<readonly Column[]> {
  if (typeof columns !== 'string') return columns;
  const settled = quoted(settledName(plan.name));
  const typed = storedColumns(plan).map(({ name, type }) => `cast(null as ${queryType(type)}) as ${quoted(name)}`);
  const added = ['cast(null as integer) as versions', 'cast(null as boolean) as is_repeat'];
  const day = `cast(null as date) as ${quoted(plan.partitionBy)}`;
  await connection.run(`create temp view ${settled} as select ${[...typed, ...added, day].join(', ')}`);
  try {
    await connection.run(`create temp view curated_shape as ${columns}`);
    return await describe(connection, 'curated_shape');
  } finally {
    await connection.run(`drop view if exists curated_shape; drop view ${settled}`);
  }
}

async function describe(connection: DuckDBConnection, name: string): Promise<Column[]> {
  const reader = await connection.runAndReadAll(`describe ${quoted(name)}`);
  return reader.getRowsJson().map(([column, type]) => ({ name: String(column), type: String(type) }));
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
