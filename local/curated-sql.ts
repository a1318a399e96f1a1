import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DatasetPlan, storedColumns } from '../core/contract/plan.ts';
import { SETTLE_VERSION, settledName } from '../core/lake/settle-sql.ts';

/** The SQL that comes with Laketwin. */
export const SQL_ROOT = fileURLToPath(new URL('../sql', import.meta.url));

/** The select that makes a curated table, row by row, from the settled rows of a dataset. */
export interface CuratedSql {
  readonly table: string;
  readonly sql: string;
  /** Of what the files hang on: columns, key, order of versions, SQL, rules of settling. Another one makes other files. */
  readonly fingerprint: string;
}

/** A dataset's curated tables: one for each file of `sql/<dataset>/curated`, or the settled rows as they are. */
export async function readCuratedSql(plan: DatasetPlan, sqlRoot: string): Promise<CuratedSql[]> {
  const folder = join(sqlRoot, plan.name, 'curated');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  if (files.length === 0) return [curatedSql(plan, plan.name, plainSql(plan))];
  return Promise.all(
    files.map(async (file) =>
      curatedSql(plan, file.slice(0, -'.sql'.length), await readFile(join(folder, file), 'utf8')),
    ),
  );
}

function curatedSql(plan: DatasetPlan, table: string, text: string): CuratedSql {
  const sql = text.trim().replace(/;$/, '');
  const { name, key, partitionBy, newestBy } = plan;
  const columns = storedColumns(plan).map((column) => [column.name, column.type, column.origin]);
  const made = JSON.stringify([SETTLE_VERSION, name, key, partitionBy, newestBy, columns, sql]);
  return { table, sql, fingerprint: createHash('sha256').update(made).digest('hex') };
}

function plainSql(plan: DatasetPlan): string {
  const columns = [...storedColumns(plan).map((column) => column.name), 'versions', 'is_repeat', plan.partitionBy];
  return `select ${columns.map((column) => `"${column}"`).join(', ')} from ${settledName(plan.name)}`;
}
