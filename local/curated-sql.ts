import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { type CuratedSql, curatedSql, plainCuratedSql } from '../core/lake/curated-sql.ts';

/** The SQL that comes with Laketwin. */
export const SQL_ROOT = fileURLToPath(new URL('../sql', import.meta.url));

/** A dataset's curated tables: one for each file of `sql/<dataset>/curated`, or the settled rows as they are. */
export async function readCuratedSql(plan: DatasetPlan, sqlRoot: string): Promise<CuratedSql[]> {
  const folder = join(sqlRoot, plan.name, 'curated');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  if (files.length === 0) return [plainCuratedSql(plan)];
  return Promise.all(
    files.map(async (file) =>
      curatedSql(plan, file.slice(0, -'.sql'.length), await readFile(join(folder, file), 'utf8')),
    ),
  );
}
