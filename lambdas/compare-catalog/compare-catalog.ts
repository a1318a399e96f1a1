import type { Column, GlueClient, Table } from '@aws-sdk/client-glue';
import { compareColumns, compareSourceColumns, type SeenColumn } from '../../core/contract/compare-columns.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';

export interface ComparePorts {
  readonly plans: readonly DatasetPlan[];
  /** Database with the contracts' tables. */
  readonly database: string;
  /** Database that the crawlers fill, as `raw_<dataset>` and `curated_<table>`. */
  readonly crawledDatabase: string;
  /** Every table of a database. */
  readonly tablesOf: (database: string) => Promise<readonly Table[]>;
}

/** A table that is otherwise than its contract says. */
export interface Drift {
  readonly table: string;
  readonly differences: readonly string[];
}

/**
 * Compares what the crawlers saw with the contracts. A file of another make also becomes a table of its own, whose name
 * goes on behind the dataset's: that is compared as well.
 */
export async function compareCatalog({ plans, database, crawledDatabase, tablesOf }: ComparePorts): Promise<Drift[]> {
  const declared = new Map((await tablesOf(database)).map((table) => [table.Name ?? '', table]));
  const drifts: Drift[] = [];
  for (const crawled of await tablesOf(crawledDatabase)) {
    const name = crawled.Name ?? '';
    const plan = plans.find((it) => isOf(name, `raw_${it.name}`));
    const table = [...declared.keys()].find((it) => isOf(name, `curated_${it}`));
    const seen = columnsOf(crawled);
    const contract = declared.get(table ?? '');
    const differences =
      plan !== undefined
        ? compareSourceColumns(plan, seen)
        : contract !== undefined
          ? compareColumns(columnsOf(contract), seen)
          : ['no contract knows such a folder'];
    if (differences.length > 0) drifts.push({ table: name, differences });
  }
  return drifts;
}

function isOf(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}_`);
}

/** Columns of files and of folders alike, each once. */
function columnsOf({ StorageDescriptor, PartitionKeys }: Table): SeenColumn[] {
  const columns = [...(StorageDescriptor?.Columns ?? []), ...(PartitionKeys ?? [])];
  const types = new Map(columns.map(({ Name, Type }: Column) => [Name ?? '', Type ?? '']));
  return [...types].map(([name, type]) => ({ name, type }));
}

/** Reads the tables of a database from the Glue catalog. */
export function glueTables(client: GlueClient): ComparePorts['tablesOf'] {
  return async (database) => {
    const { paginateGetTables } = await import('@aws-sdk/client-glue');
    const tables: Table[] = [];
    for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName: database })) {
      tables.push(...TableList);
    }
    return tables;
  };
}
