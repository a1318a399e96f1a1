/** What `sql/<dataset>/view-columns.json` says: the columns of each view, as the laptop's engine describes them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { SQL_ROOT } from '../local/curated-sql.ts';
import { openEngine } from '../local/engine.ts';
import { openFileStore } from '../local/file-store.ts';
import { readSql } from '../local/sql-library.ts';

/** DuckDB's names of types in Athena's words, where they are not the same in lower case. */
const ATHENA_TYPES: Readonly<Record<string, string>> = {
  // Athena adds whole numbers up to 64 bits.
  HUGEINT: 'bigint',
  TIMESTAMP: 'timestamp(3)',
  'TIMESTAMP WITH TIME ZONE': 'timestamp(3) with time zone',
};

/** Athena's types in Hive's words, where they are others. */
const HIVE_TYPES: Readonly<Record<string, string>> = { varchar: 'string', integer: 'int', 'timestamp(3)': 'timestamp' };

/** Athena's type for one of DuckDB's, such as `timestamp(3)` for `TIMESTAMP`. */
export function athenaType(duckdbType: string): string {
  return ATHENA_TYPES[duckdbType] ?? duckdbType.toLowerCase();
}

/** The text of `sql/<dataset>/view-columns.json`. */
export async function viewColumns(plan: DatasetPlan): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-columns-'));
  try {
    const engine = await openEngine(await openFileStore(folder), [plan], { estimatesScans: false });
    try {
      const views: Record<string, object[]> = {};
      for (const { name } of await readSql(SQL_ROOT, plan.name, 'views')) {
        const { columns } = await engine.query(`select * from ${name} limit 0`);
        views[name] = columns.map((column) => {
          const type = athenaType(column.type);
          return { name: column.name, athenaType: type, hiveType: HIVE_TYPES[type] ?? type };
        });
      }
      return `${JSON.stringify(views, null, 2)}\n`;
    } finally {
      await engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
