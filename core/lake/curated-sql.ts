import { createHash } from 'node:crypto';
import { type DatasetPlan, storedColumns } from '../contract/plan.ts';
import { SETTLE_VERSION, settledName } from './settle-sql.ts';

/** The select that makes a curated table, row by row, from the settled rows of a dataset. */
export interface CuratedSql {
  readonly table: string;
  readonly sql: string;
  /** Of what the files hang on: columns, key, order of versions, SQL, rules of settling. Another one makes other files. */
  readonly fingerprint: string;
}

/** The select of `sql/<dataset>/curated/<table>.sql`. */
export function curatedSql(plan: DatasetPlan, table: string, text: string): CuratedSql {
  const sql = text.trim().replace(/;$/, '');
  const { name, key, partitionBy, newestBy } = plan;
  const columns = storedColumns(plan).map((column) => [column.name, column.type, column.origin]);
  const made = JSON.stringify([SETTLE_VERSION, name, key, partitionBy, newestBy, columns, sql]);
  return { table, sql, fingerprint: createHash('sha256').update(made).digest('hex') };
}

/** The select of a dataset without such a file: the settled rows as they are. */
export function plainCuratedSql(plan: DatasetPlan): CuratedSql {
  const columns = [...storedColumns(plan).map((column) => column.name), 'versions', 'is_repeat', plan.partitionBy];
  return curatedSql(
    plan,
    plan.name,
    `select ${columns.map((column) => `"${column}"`).join(', ')} from ${settledName(plan.name)}`,
  );
}
