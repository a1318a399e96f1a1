/** A lake curated by the Glue job instead of the laptop, and the comparison of both. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { jobDefinition, type OrderResult, type UnitResult, workOrder } from '../../core/contract/job-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { planUnits, type Unit } from '../../core/lake/plan-units.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import { type CuratedSql, readCuratedSql, SQL_ROOT } from '../../local/curated-sql.ts';
import type { FileStore } from '../../local/file-store.ts';
import type { SparkJobs } from './spark.ts';

/** Where the job puts the curated zone: beside the one of the laptop, which sweeps away what it does not know. */
export function sparkZone(store: FileStore): string {
  return join(store.root, 'curated-by-spark');
}

export interface SparkRun {
  readonly store: FileStore;
  readonly plan: DatasetPlan;
  readonly run: string;
  readonly sqlRoot?: string;
  /** Which units to order. Default: all. */
  readonly only?: (unit: Unit) => boolean;
}

/** Files of a work order. */
export interface GivenOrder {
  readonly definition: string;
  readonly order: string;
  readonly result: string;
}

/** Plans the units of a dataset's ledger and writes the definition and the order of its only curated table. */
export async function giveOrder({ store, plan, run, sqlRoot, only }: SparkRun): Promise<GivenOrder> {
  const tables = await readCuratedSql(plan, sqlRoot ?? SQL_ROOT);
  const table = tables[0] as CuratedSql;
  const units = (await unitsOf(store, plan, table)).filter(only ?? (() => true));
  const folder = join(sparkZone(store), '_runs', run, table.table);
  await mkdir(folder, { recursive: true });
  const [definition, order] = [join(folder, 'definition.json'), join(folder, 'order.json')];
  await writeFile(definition, JSON.stringify(jobDefinition(plan, tables)));
  await writeFile(order, JSON.stringify(workOrder(plan, table, run, units)));
  return { definition, order, result: join(folder, 'result.json') };
}

export function curateArguments(store: FileStore, { definition, order }: GivenOrder): string[] {
  const zones = ['--processed', join(store.root, 'processed'), '--curated', sparkZone(store)];
  return ['curate.py', '--definition', definition, '--order', order, ...zones, '--JOB_NAME', 'curate'];
}

/** Gives an order, has the job carry it out, and reads the result. */
export async function curateBySpark(jobs: SparkJobs, run: SparkRun): Promise<OrderResult> {
  const given = await giveOrder(run);
  const { status, errors } = await jobs.run(curateArguments(run.store, given));
  if (status !== 0) throw new Error(`the job ended with status ${status}: ${errors}`);
  return JSON.parse(await readFile(given.result, 'utf8')) as OrderResult;
}

const instance = await DuckDBInstance.create(':memory:');

async function unitsOf(store: FileStore, plan: DatasetPlan, table: CuratedSql): Promise<Unit[]> {
  const entries = (await listEntries(store, plan.name)).filter((entry) => entry.files.length > 0);
  return planUnits(plan, table.fingerprint, entries);
}

export interface Comparison {
  readonly rows: number;
  /** Rows of one side that the other has not, in any column. */
  readonly different: number;
  /** Rows of Spark's that lie in the folder of another day. */
  readonly badFolders: number;
  /** Columns of Spark's whose instants do not say that they are in UTC. */
  readonly zoneless: readonly string[];
  /** Names and types of the columns of each side, in their order. */
  readonly columns: { readonly laptop: readonly string[]; readonly spark: readonly string[] };
}

/** Compares all rows and columns of the units of both sides. */
export async function compare(
  store: FileStore,
  laptop: readonly UnitResult[],
  spark: readonly UnitResult[],
): Promise<Comparison> {
  const connection = await instance.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  try {
    await connection.run("set timezone = 'UTC'");
    const byLaptop = filesOf(laptop).map((key) => store.pathOf('curated', key));
    const bySpark = filesOf(spark).map((key) => join(sparkZone(store), key));
    await connection.run(
      `create or replace view laptop as select * from read_parquet([${byLaptop.map(pathText)}], hive_partitioning = false)`,
    );
    await connection.run(
      `create or replace view spark as select * from read_parquet([${bySpark.map(pathText)}],
        hive_partitioning = false, filename = 'path_of_row')`,
    );
    const columnsOf = async (view: string) =>
      (await rowsOf(`describe ${view}`))
        .map(([name, type]) => [String(name), String(type)] as const)
        .filter(([name]) => name !== 'path_of_row');
    const [ofLaptop, ofSpark] = [await columnsOf('laptop'), await columnsOf('spark')];
    const list = ofLaptop.map(([name, type]) => `cast("${name}" as ${withoutZone(type)}) as "${name}"`).join(', ');
    const missing = (one: string, other: string) =>
      `(select count(*) from (select ${list} from ${one} except all select ${list} from ${other}))`;
    const [counts] = await rowsOf(
      `select (select count(*) from spark), ${missing('laptop', 'spark')} + ${missing('spark', 'laptop')},
        (select count(*) from spark where path_of_row not like concat('%/ingest_date=', ingest_date, '/%'))`,
    );
    return {
      rows: Number(counts?.[0]),
      different: Number(counts?.[1]),
      badFolders: Number(counts?.[2]),
      zoneless: ofSpark.filter(([, type]) => /TIMESTAMP(?! WITH)/.test(type)).map(([name]) => name),
      columns: { laptop: ofLaptop.map(described), spark: ofSpark.map(described) },
    };
  } finally {
    connection.closeSync();
  }
}

function described([name, type]: readonly [string, string]): string {
  return `${name} ${withoutZone(type)}`;
}

/** Spark says that an instant is in UTC, the laptop's SQL leaves it out: the same microseconds. */
function withoutZone(type: string): string {
  return type.replaceAll('TIMESTAMP WITH TIME ZONE', 'TIMESTAMP');
}

function filesOf(units: readonly UnitResult[]): string[] {
  return units.flatMap((unit) => unit.files.map((file) => file.key));
}
