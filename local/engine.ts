import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { duckdbType } from '../core/contract/duckdb-types.ts';
import { type Column, type DatasetPlan, storedColumns } from '../core/contract/plan.ts';
import { curatedFiles, readCurrentManifest } from '../core/lake/curated-manifest.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../core/lake/read-ledger.ts';
import { rejectionsPlan } from '../core/lake/rejections.ts';
import { pathText, settledName } from '../core/lake/settle-sql.ts';
import type { Zone } from '../core/ports.ts';
import { bindParameters, withDollars } from './bind-parameters.ts';
import { SQL_ROOT } from './curated-sql.ts';
import { checkDialect } from './dialect.ts';
import type { FileStore } from './file-store.ts';
import { installMacros } from './macros.ts';
import { type Answer, answerOf } from './query-answer.ts';
import { estimateScan, type Relation } from './scan-estimate.ts';
import { inDependencyOrder, type Parameter, readSql } from './sql-library.ts';

/** Answers SQL over what the lake's manifests name, and nothing else. Close it when done. */
export interface Engine {
  /** Runs one SELECT in Athena's dialect. Throws a sentence for anything else. */
  query(sql: string, parameters?: Readonly<Record<string, string>>, declared?: readonly Parameter[]): Promise<Answer>;
  /** Runs one SELECT and writes its rows to the file that `openEngine` was told of, as Parquet; returns their number. */
  writeParquet(
    sql: string,
    parameters: Readonly<Record<string, string>>,
    declared: readonly Parameter[],
  ): Promise<number>;
  close(): void;
}

export interface EngineOptions {
  readonly sqlRoot?: string;
  /** The one file that `writeParquet` may write. */
  readonly parquetFile?: string;
}

const MEMORY_MIB = 1024;

/**
 * Opens the lake for reading: `processed_<dataset>`, `rejected_<dataset>`, `ledger`, `ledger_reasons`, the curated
 * tables and all views of `sql/`. Queries can neither write nor read any other file, nor change settings.
 */
export async function openEngine(
  store: FileStore,
  plans: readonly DatasetPlan[],
  { sqlRoot = SQL_ROOT, parquetFile }: EngineOptions = {},
): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${MEMORY_MIB}MiB` });
  const connection = await instance.connect();
  try {
    await installMacros(connection);
    const relations = await registerLake(connection, store, plans, sqlRoot);
    await shut(connection, [...relations.flatMap(({ paths }) => paths), ...(parquetFile ? [parquetFile] : [])]);
    return {
      query: (sql, parameters = {}, declared = []) => answer(connection, relations, sql, parameters, declared),
      writeParquet: (sql, parameters, declared) => copyOut(connection, parquetFile, sql, parameters, declared),
      close: () => {
        connection.closeSync();
        instance.closeSync();
      },
    };
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

async function registerLake(
  connection: DuckDBConnection,
  store: FileStore,
  plans: readonly DatasetPlan[],
  sqlRoot: string,
): Promise<Relation[]> {
  const relations: Relation[] = [];
  const entries: LedgerEntry[] = [];
  for (const plan of plans) {
    const ledger = await listEntries(store, plan.name);
    entries.push(...ledger);
    relations.push(
      await registerFiles(connection, store, `processed_${plan.name}`, 'processed', plan, visibleFiles(ledger)),
      await registerFiles(
        connection,
        store,
        `rejected_${plan.name}`,
        'rejected',
        rejectionsPlan,
        visibleRejectedFiles(ledger),
      ),
    );
    for (const table of await readSql(sqlRoot, plan.name, 'curated')) {
      relations.push(await registerCurated(connection, store, plan, table.name, table.sql));
    }
  }
  await registerLedger(connection, entries);
  for (const plan of plans) {
    for (const view of inDependencyOrder(await readSql(sqlRoot, plan.name, 'views'))) {
      checkDialect(view.sql);
      await connection.run(`create view ${name(view.name)} as ${view.sql}`).catch((error: Error) => {
        throw new Error(`the view ${view.name} of ${plan.name} does not work: ${error.message}`);
      });
    }
  }
  return relations;
}

async function registerFiles(
  connection: DuckDBConnection,
  store: FileStore,
  relation: string,
  zone: Zone,
  plan: DatasetPlan,
  files: readonly { readonly key: string }[],
): Promise<Relation> {
  const paths = files.map(({ key }) => store.pathOf(zone, key));
  const columns = storedColumns(plan).map(typedColumn);
  const day = `cast(${name(plan.partitionBy)} as date) as ${name(plan.partitionBy)}`;
  const from = paths.length > 0 ? scan(paths, plan.partitionBy) : emptyRows(plan);
  await connection.run(`create view ${name(relation)} as select ${[...columns, day].join(', ')} from ${from}`);
  return { name: relation, paths };
}

/** A curated table's columns are what its SQL makes of settled rows: while there are no files, they are asked of DuckDB. */
async function registerCurated(
  connection: DuckDBConnection,
  store: FileStore,
  plan: DatasetPlan,
  table: string,
  sql: string,
): Promise<Relation> {
  const manifest = await readCurrentManifest(store, table);
  const paths = manifest ? curatedFiles(manifest).map(({ key }) => store.pathOf('curated', key)) : [];
  const settled = name(settledName(plan.name));
  const typed = [...storedColumns(plan).map(typedColumn), 'cast(null as integer) as versions', 'false as is_repeat'];
  await connection.run(
    `create temp view ${settled} as select ${typed.join(', ')}, cast(null as date) as ${name(plan.partitionBy)} from ${emptyRows(plan)}`,
  );
  await connection.run(`create temp table empty_curated as ${sql}`);
  const shape = await connection.runAndReadAll(`select column_name, column_type from (describe empty_curated)`);
  await connection.run('drop table empty_curated');
  await connection.run(`drop view ${settled}`);
  const columns = shape
    .getRowsJson()
    .map(([column, type]) => `cast(${name(String(column))} as ${String(type)}) as ${name(String(column))}`);
  const empty = `(select ${shape
    .getRowsJson()
    .map(([column]) => `null as ${name(String(column))}`)
    .join(', ')} where false)`;
  const from = paths.length > 0 ? scan(paths, plan.partitionBy) : empty;
  await connection.run(`create view ${name(table)} as select ${columns.join(', ')} from ${from}`);
  return { name: table, paths };
}

async function registerLedger(connection: DuckDBConnection, entries: readonly LedgerEntry[]): Promise<void> {
  await connection.run(
    `create table ledger (dataset varchar, id varchar, name varchar, source varchar, format varchar, size_bytes bigint,
      received_at timestamp, ingest_date date, rows_in bigint, accepted bigint, rejected bigint, duplicates bigint)`,
  );
  await connection.run(
    'create table ledger_reasons (dataset varchar, id varchar, reason varchar, rejected_rows bigint)',
  );
  for (const entry of entries) {
    const { dataset, id, source, format, sizeBytes, receivedAt, ingestDate, rowsIn, accepted, rejected, duplicates } =
      entry;
    await connection.run(
      `insert into ledger values ($1, $2, $3, $4, $5, $6, cast($7 as timestamptz), $8, $9, $10, $11, $12)`,
      [
        dataset,
        id,
        entry.name,
        source,
        format,
        sizeBytes,
        receivedAt,
        ingestDate,
        rowsIn,
        accepted,
        rejected,
        duplicates,
      ],
    );
    for (const [reason, rows] of Object.entries(entry.rejectedByReason)) {
      await connection.run('insert into ledger_reasons values ($1, $2, $3, $4)', [dataset, id, reason, rows]);
    }
  }
}

/** From here on a query sees the files of the relations and no other, and nothing can be set. */
async function shut(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  await connection.run(`set allowed_paths = [${paths.map(text).join(', ')}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}

async function answer(
  connection: DuckDBConnection,
  relations: readonly Relation[],
  select: string,
  parameters: Readonly<Record<string, string>>,
  declared: readonly Parameter[],
): Promise<Answer> {
  const { sql, names } = await oneSelect(connection, select);
  const bind = (to: DuckDBPreparedStatement) => bindParameters(to, names, parameters, declared);
  const prepared = await connection.prepare(sql);
  try {
    bind(prepared);
    const scan = await estimateScan(connection, relations, sql, bind);
    const started = performance.now();
    const reader = await prepared.runAndReadAll();
    return answerOf(reader, (performance.now() - started) / 1000, scan);
  } finally {
    prepared.destroySync();
  }
}

async function copyOut(
  connection: DuckDBConnection,
  file: string | undefined,
  select: string,
  parameters: Readonly<Record<string, string>>,
  declared: readonly Parameter[],
): Promise<number> {
  if (file === undefined) throw new Error('the engine was opened without a file to write');
  const { sql, names } = await oneSelect(connection, select);
  const copy = `copy (${sql}) to ${text(file)} (format parquet, compression zstd, use_tmp_file false)`;
  const prepared = await connection.prepare(copy);
  try {
    bindParameters(prepared, names, parameters, declared);
    return Number((await prepared.runAndReadAll()).getRowsJson()[0]?.[0] ?? 0);
  } finally {
    prepared.destroySync();
  }
}

/** The text as DuckDB takes it. Throws for anything but one SELECT in the dialect that Athena shares. */
async function oneSelect(connection: DuckDBConnection, select: string) {
  checkDialect(select);
  const dollars = withDollars(select.trim().replace(/;\s*$/, ''));
  const statements = await connection.extractStatements(dollars.sql);
  if (statements.count !== 1) throw new Error(`found ${statements.count} statements, expected one select`);
  const prepared = await statements.prepare(0);
  const type = prepared.statementType;
  prepared.destroySync();
  if (type !== StatementType.SELECT)
    throw new Error(`found ${StatementType[type]}, expected a select: a query only reads`);
  return dollars;
}

function scan(paths: readonly string[], partitionBy: string): string {
  return `read_parquet([${paths.map(pathText).join(', ')}], hive_partitioning = true, hive_types = {'${partitionBy}': date})`;
}

function emptyRows(plan: DatasetPlan): string {
  const columns = [...storedColumns(plan).map((column) => column.name), plan.partitionBy];
  return `(select ${columns.map((column) => `null as ${name(column)}`).join(', ')} where false)`;
}

/** Instants are stored as UTC; the cast takes the session's time zone, which is UTC. */
function typedColumn(column: Column): string {
  return `cast(${name(column.name)} as ${duckdbType(column.type)}) as ${name(column.name)}`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
