/** The alerts of a lake on this machine: the deployed rules and SQL, on DuckDB. */
import { join } from 'node:path';
import { type AlertRun, runAlerts } from '../core/alerts/run-alerts.ts';
import type { AlertMessage, AlertSet } from '../core/alerts/types.ts';
import { datasets } from '../datasets/index.ts';
import { SQL_ROOT } from './curated-sql.ts';
import { openEngine } from './engine.ts';
import type { FileStore } from './file-store.ts';
import { lockLake } from './lock.ts';
import { readSql } from './sql-library.ts';

/**
 * Evaluates the rules that are due over the lake as it is now, and keeps their state in the lake. Throws `LakeInUse`
 * where another process does the same: rows may be taken in meanwhile.
 */
export async function evaluateAlerts(
  store: FileStore,
  set: AlertSet,
  send: (message: AlertMessage) => Promise<void>,
  now: () => Date,
): Promise<AlertRun> {
  const release = await lockLake(join(store.root, '.alerts'));
  try {
    return await evaluate(store, set, send, now);
  } finally {
    await release();
  }
}

async function evaluate(
  store: FileStore,
  set: AlertSet,
  send: (message: AlertMessage) => Promise<void>,
  now: () => Date,
): Promise<AlertRun> {
  const files = await readSql(SQL_ROOT, set.dataset, 'alerts');
  const engine = await openEngine(store, datasets, { estimatesScans: false });
  const ask = async (sql: string) => {
    const { columns, rows } = await engine.query(sql);
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
  };
  try {
    const tables = await ask('select table_name from information_schema.tables');
    return await runAlerts(set, {
      store,
      sql: (query) => files.find(({ name }) => name === query)?.sql ?? missing(set, query),
      ask,
      relations: new Set(tables.map(({ table_name }) => String(table_name))),
      send,
      now,
    });
  } finally {
    await engine.close();
  }
}

function missing({ dataset }: AlertSet, query: string): never {
  throw new Error(`there is no sql/${dataset}/alerts/${query}.sql`);
}
