/** What the Glue job `curate` knows of a dataset: planning stays here, Spark only executes. */
import type { CuratedUnit } from '../lake/curated-manifest.ts';
import type { Unit } from '../lake/plan-units.ts';
import { contentColumns, newestFirst, settledName } from '../lake/settle-sql.ts';
import type { DatasetPlan } from './plan.ts';
import { checkSharedSql } from './shared-sql.ts';
import { type SparkStruct, sparkSchema } from './spark-schema.ts';

/** The select that makes a curated table out of the settled rows. */
export interface TableSql {
  readonly table: string;
  readonly sql: string;
  /** Of all that the files of the table hang on. The job refuses an order of another one. */
  readonly fingerprint: string;
}

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
  readonly tables: readonly TableSql[];
}

/** Throws one sentence for SQL that Spark would answer otherwise than Athena. */
export function jobDefinition(plan: DatasetPlan, tables: readonly TableSql[]): JobDefinition {
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

/** The JSON file that the job takes as `--order`: one table, whose units are to be settled and written. */
export interface WorkOrder {
  readonly dataset: string;
  readonly table: string;
  /** Name of the run that gave the order. */
  readonly run: string;
  readonly fingerprint: string;
  readonly partitionBy: string;
  readonly units: readonly OrderUnit[];
}

/** A unit of `planUnits` as the job needs it. */
export interface OrderUnit {
  readonly id: string;
  readonly rows: number;
  readonly keysAreUnique: boolean;
  readonly isOneObject: boolean;
  /** Keys in processed/. */
  readonly files: readonly string[];
}

/** The JSON file `result.json` that the job puts beside the order after all its data. */
export interface OrderResult {
  readonly dataset: string;
  readonly table: string;
  readonly run: string;
  readonly units: readonly UnitResult[];
}

/** A curated unit without its ledger ids, which the order's planner knows. */
export type UnitResult = Omit<CuratedUnit, 'ledgerIds'>;

export function workOrder(
  plan: DatasetPlan,
  { table, fingerprint }: TableSql,
  run: string,
  units: readonly Unit[],
): WorkOrder {
  return {
    dataset: plan.name,
    table,
    run,
    fingerprint,
    partitionBy: plan.partitionBy,
    units: units.map(({ id, rows, keysAreUnique, isOneObject, entries }) => {
      const files = entries.flatMap((entry) => entry.files.map((file) => file.key));
      return { id, rows, keysAreUnique, isOneObject, files };
    }),
  };
}
