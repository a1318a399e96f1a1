/** A lake that is curated as in the cloud: planned and published by the Lambdas, settled by the Glue job. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { jobDefinition } from '../../core/contract/job-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type CuratedManifest, curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import type { Zone } from '../../core/ports.ts';
import { planCuration } from '../../lambdas/plan-curation/plan-curation.ts';
import { publishRun } from '../../lambdas/publish/publish-run.ts';
import { stageCandidate } from '../../lambdas/stage/stage-candidate.ts';
import { readCuratedSql, SQL_ROOT } from '../../local/curated-sql.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import type { SparkJobs } from './spark.ts';

/** A lake with the processed zone of a laptop's, and a curated zone of its own. */
export async function openSparkLake(laptop: FileStore): Promise<FileStore> {
  const root = `${laptop.root}-by-spark`;
  await mkdir(root);
  await symlink(join(laptop.root, 'processed'), join(root, 'processed'));
  return openFileStore(root);
}

export interface SparkRun {
  readonly lake: FileStore;
  readonly plan: DatasetPlan;
  readonly run: string;
  /** Folder of the SQL of curated tables. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
}

/** Plans a run; gives the arguments of the job for the only curated table of the dataset. */
export async function planRun({ lake, plan, run, sqlRoot = SQL_ROOT }: SparkRun): Promise<string[]> {
  const tables = await readCuratedSql(plan, sqlRoot);
  const fingerprints = Object.fromEntries(tables.map(({ table, fingerprint }) => [table, fingerprint]));
  const planned = await planCuration({ store: lake, plan, fingerprints, ...portsOf(lake) }, run);
  const [{ order } = { order: '' }] = planned.tables;
  const definition = join(lake.root, 'definition.json');
  await writeFile(definition, JSON.stringify(jobDefinition(plan, tables)));
  const zones = ['--processed', join(lake.root, 'processed'), '--curated', join(lake.root, 'curated')];
  return ['curate.py', '--definition', definition, '--order', order, ...zones, '--JOB_NAME', 'curate'];
}

/** Publishes what the job has settled. */
export async function publishSettled({ lake, plan, run }: SparkRun, table = plan.name): Promise<CuratedManifest> {
  const ports = { store: lake, ...portsOf(lake) };
  await stageCandidate(ports, run, table);
  await publishRun(ports, { dataset: plan.name, run, tables: [{ table }], checks: [] });
  return (await readCurrentManifest(lake, table)) as CuratedManifest;
}

/** Plans a run, has the job carry it out, and publishes. */
export async function curateBySpark(jobs: SparkJobs, run: SparkRun, table = run.plan.name): Promise<CuratedManifest> {
  const { status, errors } = await jobs.run(await planRun(run));
  if (status !== 0) throw new Error(`the job ended with status ${status}: ${errors}`);
  return publishSettled(run, table);
}

function portsOf(lake: FileStore) {
  const addressOf = (zone: Zone, key: string) => lake.pathOf(zone, key);
  return { addressOf, now: () => new Date('2026-04-01T00:00:00Z') };
}

const instance = await DuckDBInstance.create(':memory:');

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

/** A lake and what it published. */
export type Side = readonly [lake: FileStore, manifest: CuratedManifest];

/** Compares all rows and columns of what both sides published. */
export async function compare([laptopLake, laptop]: Side, [sparkLake, spark]: Side): Promise<Comparison> {
  const connection = await instance.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  try {
    await connection.run("set timezone = 'UTC'");
    const byLaptop = filesOf(laptop).map((key) => laptopLake.pathOf('curated', key));
    const bySpark = filesOf(spark).map((key) => sparkLake.pathOf('curated', key));
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

function filesOf(manifest: CuratedManifest): string[] {
  return curatedFiles(manifest).map((file) => file.key);
}
