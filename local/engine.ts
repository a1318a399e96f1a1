import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api';
import type { AnswerRow } from '../core/answers/answer-value.ts';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { CuratedManifest } from '../core/lake/curated-manifest.ts';
import { pathText } from '../core/lake/settle-sql.ts';
import { type AnswerColumn, answerColumns, collect } from './answer.ts';
import { bindParameters } from './bind-parameters.ts';
import { SQL_ROOT } from './curated-sql.ts';
import type { FileStore } from './file-store.ts';
import { type LakeContents, quoted, readLake, registerLake, withoutHugeInts } from './lake-relations.ts';
import { installMacros } from './macros.ts';
import { oneSelect } from './one-select.ts';
import { explainQueryError } from './query-errors.ts';
import { type ScanEstimate, ScanEstimator } from './scan-estimate.ts';
import type { Parameter } from './sql-library.ts';

export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly AnswerRow[];
  readonly seconds: number;
  /** Undefined where it was not asked for, or DuckDB would not say how it reads. */
  readonly scan: ScanEstimate | undefined;
}

/** What `read` tells once all rows were given. */
export type Reading = Omit<Answer, 'rows'> & {
  readonly rowCount: number;
  /** What Athena says it has read; undefined for other engines. */
  readonly scanned?: ScanEstimate;
};

export interface RowSink {
  /** Before any row. */
  begin(columns: readonly AnswerColumn[]): void | Promise<void>;
  /** A part of the rows, in order. */
  add(rows: readonly AnswerRow[]): void | Promise<void>;
}

/** Answers SQL over what the lake's manifests name, and nothing else. Close it when done. */
export interface Engine {
  /** Runs one SELECT in Athena's dialect and holds all its rows. Throws a sentence for anything else. */
  query(sql: string, given?: Given, declared?: readonly Parameter[]): Promise<Answer>;
  /** The same, giving the rows part by part, for answers of any size. */
  read(sink: RowSink, sql: string, given?: Given, declared?: readonly Parameter[]): Promise<Reading>;
  /** Writes the rows to the file that `openEngine` was told of, as Parquet. */
  writeParquet(sql: string, given?: Given, declared?: readonly Parameter[]): Promise<Reading>;
  close(): Promise<void>;
}

/** Values of parameters, as they were typed. */
type Given = Readonly<Record<string, string>>;

export interface EngineOptions {
  /** Folder of `<dataset>/{curated,views}/*.sql`. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
  /** The one file that `writeParquet` may write. */
  readonly parquetFile?: string;
  /** Time after which a query is stopped, with an error that says so. Default: none. */
  readonly timeoutSeconds?: number;
  readonly memoryMiB?: number;
  /** Whether answers come with what Athena would scan. Default: true; without, the engine opens one database less. */
  readonly estimatesScans?: boolean;
  /** Told before a query runs; what it throws keeps the query from running. */
  readonly onEstimate?: (scan: ScanEstimate) => void;
  /** What is to be published next, in the place of what is. */
  readonly candidates?: readonly CuratedManifest[];
  /** Relations whose rows are read once and held in memory, so that queries over them open no file. */
  readonly held?: readonly string[];
}

const MEMORY_MIB = 1024;

/**
 * Opens the lake for reading: `processed_<dataset>`, `rejected_<dataset>`, `ledger`, `ledger_reasons`, the curated
 * tables and all views of `sql/`, as they are at this moment. Instants are timestamps in UTC.
 *
 * Queries can neither write nor read any other file, nor load, attach or set anything.
 */
export async function openEngine(
  store: FileStore,
  plans: readonly DatasetPlan[],
  options: EngineOptions = {},
): Promise<Engine> {
  const lake = await readLake(store, plans, options.sqlRoot ?? SQL_ROOT, options.candidates);
  const spill = await mkdtemp(join(tmpdir(), 'laketwin-'));
  const open = (tagged: boolean) => openDatabase(lake, spill, options, tagged);
  try {
    return new LakeEngine(lake, await open(false), () => open(true), spill, options);
  } catch (error) {
    await rm(spill, { recursive: true, force: true });
    throw error;
  }
}

interface Database {
  readonly connection: DuckDBConnection;
  close(): void;
}

class LakeEngine implements Engine {
  readonly #lake: LakeContents;
  readonly #database: Database;
  readonly #scans: ScanEstimator;
  readonly #openTagged: () => Promise<Database>;
  readonly #spill: string;
  readonly #options: EngineOptions;
  #tagged: Promise<Database> | undefined;

  constructor(
    lake: LakeContents,
    database: Database,
    openTagged: () => Promise<Database>,
    spill: string,
    options: EngineOptions,
  ) {
    this.#lake = lake;
    this.#database = database;
    this.#openTagged = openTagged;
    this.#spill = spill;
    this.#options = options;
    this.#scans = new ScanEstimator(lake.relations);
  }

  async query(sql: string, given: Given = {}, declared: readonly Parameter[] = []): Promise<Answer> {
    const rows: AnswerRow[] = [];
    const sink = { begin: () => {}, add: (more: readonly AnswerRow[]) => void rows.push(...more) };
    const { columns, seconds, scan } = await this.read(sink, sql, given, declared);
    return { columns, rows, seconds, scan };
  }

  async read(sink: RowSink, sql: string, given: Given = {}, declared: readonly Parameter[] = []): Promise<Reading> {
    return this.#explained(async () => {
      const select = await oneSelect(this.#database.connection, sql);
      const bind = (to: DuckDBPreparedStatement) => bindParameters(to, select.names, given, declared);
      const prepared = await this.#database.connection.prepare(select.sql);
      try {
        bind(prepared);
        const scan = await this.#scan(select.sql, bind);
        const started = performance.now();
        const result = await this.#inTime(() => prepared.stream());
        const columns = answerColumns(result);
        await sink.begin(columns);
        const rowCount = await this.#inTime(() => collect(result, (rows) => sink.add(rows)));
        return { columns, rowCount, seconds: (performance.now() - started) / 1000, scan };
      } finally {
        prepared.destroySync();
      }
    });
  }

  async writeParquet(sql: string, given: Given = {}, declared: readonly Parameter[] = []): Promise<Reading> {
    const { parquetFile } = this.#options;
    if (parquetFile === undefined) throw new Error('the engine was opened without a file to write');
    return this.#explained(async () => {
      const { connection } = this.#database;
      const select = await oneSelect(connection, sql);
      const bind = (to: DuckDBPreparedStatement) => bindParameters(to, select.names, given, declared);
      const shape = await connection.prepare(select.sql);
      const columns = answerColumns(shape);
      shape.destroySync();
      const rows = withoutHugeInts(columns, select.sql);
      const file = `'${parquetFile.replaceAll("'", "''")}'`;
      const copy = await connection.prepare(
        `copy (${rows}) to ${file} (format parquet, compression zstd, use_tmp_file false)`,
      );
      try {
        bind(copy);
        const scan = await this.#scan(select.sql, bind);
        const started = performance.now();
        const written = await this.#inTime(() => copy.runAndReadAll());
        const rowCount = Number(written.getRowsJson()[0]?.[0] ?? 0);
        return { columns, rowCount, seconds: (performance.now() - started) / 1000, scan };
      } finally {
        copy.destroySync();
      }
    });
  }

  async close(): Promise<void> {
    this.#database.close();
    (await this.#tagged)?.close();
    await rm(this.#spill, { recursive: true, force: true });
  }

  /** Asked of a second database whose plans name the relations, so that the query itself runs without marks. */
  async #scan(sql: string, bind: (to: DuckDBPreparedStatement) => void): Promise<ScanEstimate | undefined> {
    if (this.#options.estimatesScans === false) return undefined;
    this.#tagged ??= this.#openTagged();
    const { connection } = await this.#tagged;
    const scan = await this.#scans.estimate(connection, sql, bind).catch(() => undefined);
    if (scan !== undefined) this.#options.onEstimate?.(scan);
    return scan;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainQueryError(error, this.#lake, this.#options.timeoutSeconds);
    }
  }

  async #inTime<T>(work: () => Promise<T>): Promise<T> {
    const { timeoutSeconds } = this.#options;
    if (timeoutSeconds === undefined) return work();
    const timer = setTimeout(() => this.#database.connection.interrupt(), timeoutSeconds * 1000);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A database in memory that sees the files of the lake's relations and no other, and in which nothing can be set. */
async function openDatabase(
  lake: LakeContents,
  spill: string,
  { memoryMiB = MEMORY_MIB, parquetFile, held = [] }: EngineOptions,
  tagged: boolean,
): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMiB}MiB`,
    temp_directory: join(spill, tagged ? 'plans' : 'rows'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await installMacros(connection);
    // With the marks of `tagged`, this optimizer of DuckDB 1.5.5 breaks the database at `select count(*)`.
    if (tagged) await connection.run("set disabled_optimizers = 'statistics_propagation'");
    await registerLake(connection, lake, { tagged });
    if (!tagged) for (const name of held) await hold(connection, name);
    const written = parquetFile === undefined || tagged ? [] : [parquetFile];
    await shut(connection, [...lake.relations.flatMap(({ paths }) => paths), ...written]);
    return { connection, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function hold(connection: DuckDBConnection, name: string): Promise<void> {
  const [view, table] = [quoted(name), quoted(`${name} held`)];
  await connection.run(`create table ${table} as select * from ${view}`);
  await connection.run(`drop view ${view}`);
  await connection.run(`alter table ${table} rename to ${view}`);
}

async function shut(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  // DuckDB asks twice: for the path as a pattern, and for the file that the pattern finds.
  const list = paths.flatMap((path) => [pathText(path), `'${path.replaceAll("'", "''")}'`]);
  await connection.run(`set allowed_paths = [${[...new Set(list)].join(', ')}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}
