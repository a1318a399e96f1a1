import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { CuratedUnit } from '../core/lake/curated-manifest.ts';
import type { CuratedSql } from '../core/lake/curated-sql.ts';
import { curatedKey } from '../core/lake/keys.ts';
import type { DataFile } from '../core/lake/ledger.ts';
import type { Unit } from '../core/lake/plan-units.ts';
import { repeatCandidatesSql, repeatsSql, settledName, settledSql, sharedKeysSql } from '../core/lake/settle-sql.ts';
import type { FileStore } from './file-store.ts';
import { allRowsSql, sharesOf } from './unit-shares.ts';

/** Level 1 gives files as small as the default level 3 does on tables like these, for a tenth less work. */
const WRITTEN = 'format parquet, compression zstd, compression_level 1';

export interface SettleWork {
  readonly store: FileStore;
  readonly connection: DuckDBConnection;
  readonly plan: DatasetPlan;
  readonly curated: CuratedSql;
  /** Called now and then with the processed bytes that are done. */
  readonly onBytes: (bytes: number) => void;
}

/** Settles the rows of a unit and puts the files of the curated table; no manifest names them yet. */
export async function settleUnit(work: SettleWork, unit: Unit): Promise<CuratedUnit> {
  const { connection, plan, onBytes } = work;
  // Everything reads `unit_rows` by its name: first it is the whole unit, then one share after the other.
  await connection.run(allRowsSql(work, unit));
  const hasRepeats = await findRepeats(connection, plan, unit);
  const files: DataFile[] = [];
  // Every row of one object whose keys are unique stays, so what repeats is known before.
  const isPlain = unit.isOneObject && unit.keysAreUnique;
  let repeats = hasRepeats && isPlain ? await count(connection, 'select sum(copies - 1) from repeats') : 0;
  for await (const share of sharesOf(work, unit)) {
    await connection.run(share.sql);
    if (!unit.keysAreUnique) for (const sql of sharedKeysSql(plan)) await connection.run(sql);
    await connection.run(settledSql(plan, { keysAreUnique: unit.keysAreUnique, hasRepeats }));
    await requirePartition(work);
    for (const day of share.days) {
      const file = await putFile(work, day, `${unit.id}-${String(files.length).padStart(5, '0')}`);
      if (file !== undefined) files.push(file);
    }
    if (hasRepeats && !isPlain) repeats += await count(connection, repeatedRows(plan));
    onBytes(share.bytes);
  }
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const ledgerIds = unit.entries.map((entry) => entry.id).sort();
  return { id: unit.id, ledgerIds, files, rowsIn: unit.rows, rows, repeats };
}

/** Most objects repeat nothing, which a count of hashes tells; only then are rows compared. */
async function findRepeats(connection: DuckDBConnection, plan: DatasetPlan, unit: Unit): Promise<boolean> {
  await connection.run(repeatCandidatesSql(plan, unit.isOneObject));
  if ((await count(connection, 'select count(*) from repeat_candidates')) === 0) return false;
  await connection.run(repeatsSql(plan, unit.isOneObject));
  return (await count(connection, 'select count(*) from repeats')) > 0;
}

function repeatedRows(plan: DatasetPlan): string {
  return `select count(*) from ${settledName(plan.name)} where is_repeat`;
}

async function requirePartition({ connection, plan, curated }: SettleWork): Promise<void> {
  const reader = await connection.runAndReadAll(`describe select * from (\n${curated.sql}\n)`);
  if (reader.getRows().some(([column]) => column === plan.partitionBy)) return;
  const file = `sql/${plan.name}/curated/${curated.table}.sql`;
  throw new Error(`${file} gives no column '${plan.partitionBy}': select it too, it tells the folder of a row`);
}

/** Runs the SQL of the curated table on the settled rows of a day; undefined where it gives no row. */
async function putFile(work: SettleWork, day: string, id: string): Promise<DataFile | undefined> {
  const { connection, store, plan, curated } = work;
  const partition = `"${plan.partitionBy}"`;
  const path = await store.scratch.path('curated');
  try {
    const rows = await count(
      connection,
      `copy (select * replace (cast(${partition} as date) as ${partition}) from (\n${curated.sql}\n) where cast(${partition} as date) = date '${day}')
       to '${path.replaceAll("'", "''")}' (${WRITTEN})`,
    );
    if (rows === 0) return undefined;
    const key = curatedKey(curated.table, plan.partitionBy, day, id);
    const { sizeBytes } = await store.putFile('curated', key, path);
    return { key, rows, sizeBytes };
  } finally {
    await rm(path, { force: true });
  }
}

/** The first value of the first row, as a number. */
async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRows()[0]?.[0]);
}
