/** What the Glue job `curate` knows of a dataset: planning stays here, Spark only executes. */
import type { CuratedSql } from '../lake/curated-sql.ts';
import { contentColumns, newestFirst, settledName } from '../lake/settle-sql.ts';
import type { DatasetPlan } from './plan.ts';
import { checkSharedSql } from './shared-sql.ts';
import { type SparkStruct, sparkSchema } from './spark-schema.ts';

/** The JSON file that `glue-scripts/curate.py` takes as `--definition`. */
export interface JobDefinition {
  readonly dataset: string;
  readonly key: readonly string[];
  readonly partitionBy: string;
  /** Stored columns, without the partition column, which is in the path of a processed file. */
  readonly schema: SparkStruct;
  /** Columns by which the newest row of a key is found, first column first. */
  readonly newestFirst: readonly string[];
  /** Columns whose equality makes a later line of an object a repeat. */
  readonly content: readonly string[];
  /** Name under which the SQL reads the settled rows. */
  readonly settled: string;
  readonly tables: readonly CuratedSql[];
}

/** Throws one sentence for SQL that Spark would answer otherwise than Athena. */
export function jobDefinition(plan: DatasetPlan, tables: readonly CuratedSql[]): JobDefinition {
  for (const { table, sql } of tables) checkSharedSql(`sql/${plan.name}/curated/${table}.sql`, sql);
  return {
    dataset: plan.name,
    key: plan.key,
    partitionBy: plan.partitionBy,
    schema: sparkSchema(plan),
    newestFirst: newestFirst(plan),
    content: contentColumns(plan),
    settled: settledName(plan.name),
    tables: tables.map(({ table, sql, fingerprint }) => ({ table, sql, fingerprint })),
  };
}
