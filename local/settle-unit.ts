import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { CuratedUnit } from '../core/lake/curated-manifest.ts';
import { curatedKey } from '../core/lake/keys.ts';
import type { DataFile } from '../core/lake/ledger.ts';
import type { Unit } from '../core/lake/plan-units.ts';
import {
  repeatCandidatesSql,
  repeatsSql,
  settledName,
  settledSql,
  sharedKeysSql,
  unitRowsSql,
} from '../core/lake/settle-sql.ts';
import type { CuratedSql } from './curated-sql.ts';
import type { FileStore } from './file-store.ts';

/** Bytes of processed files that become one curated file: large enough for Athena, small enough to be followed. */
const FILE_BYTES = 128 * 1024 * 1024;
/** Level 1 gives files as small as the default level 3 does on tables like these, for a tenth less work. */
const WRITTEN = 'format parquet, compression zstd, compression_level 1';

export interface SettleWork {
  readonly store: FileStore;
  readonly connection: DuckDBConnection;
  readonly plan: DatasetPlan;
  readonly curated: CuratedSql;
  /** Called after each file with the processed bytes that are in it. */
  readonly onBytes: (bytes: number) => void;
}

/** Settles the rows of a unit and puts the files of the curated table; no manifest names them yet. */
export async function settleUnit(work: SettleWork, unit: Unit): Promise<CuratedUnit> {
  const { connection, plan } = work;
  const sources = sourcesOf(unit);
  // The relations below read `unit_rows` by its name: first it is the whole unit, then one part after the other.
  await connection.run(rowsOf(work, sources));
  const hasRepeats = await findRepeats(connection, plan, unit);
  if (!unit.keysAreUnique) for (const sql of sharedKeysSql(plan)) await connection.run(sql);
  await connection.run(settledSql(plan, { ...unit, hasRepeats }));
  await requirePartition(work);

  const files: DataFile[] = [];
  for (const part of partsOf(unit, sources)) {
    await connection.run(rowsOf(work, part.sources));
    const file = await putPart(work, part.day, `${unit.id}-${String(files.length).padStart(5, '0')}`);
    if (file !== undefined) files.push(file);
    work.onBytes(part.bytes);
  }
  return {
    id: unit.id,
    ledgerIds: unit.entries.map((entry) => entry.id).sort(),
    files,
    rowsIn: unit.rows,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    repeats: hasRepeats ? await countRepeats(work, unit, sources) : 0,
  };
}

/** A processed file and the day of its rows. */
interface Source extends DataFile {
  readonly day: string;
}

/** Processed files that become one curated file, which takes the rows of one day. */
interface Part {
  readonly day: string;
  readonly sources: readonly Source[];
  readonly bytes: number;
}

/** Without a key to settle each file stands for itself; else every day is taken out of the settled whole. */
function partsOf(unit: Unit, sources: readonly Source[]): Part[] {
  const days = [...new Set(sources.map((source) => source.day))].sort();
  return days.flatMap((day) => {
    const ofDay = sources.filter((source) => source.day === day);
    if (!unit.keysAreUnique) return [{ day, sources, bytes: bytesOf(ofDay) }];
    return chunks(ofDay).map((chunk) => ({ day, sources: chunk, bytes: bytesOf(chunk) }));
  });
}

function chunks(sources: readonly Source[]): Source[][] {
  const all: Source[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    if (bytes + source.sizeBytes > FILE_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(source);
    bytes += source.sizeBytes;
  }
  return all;
}

function sourcesOf(unit: Unit): Source[] {
  return unit.entries.flatMap((entry) => entry.files.map((file) => ({ ...file, day: entry.ingestDate })));
}

function bytesOf(sources: readonly Source[]): number {
  return sources.reduce((sum, source) => sum + source.sizeBytes, 0);
}

function rowsOf({ store, plan }: SettleWork, sources: readonly Source[]): string {
  const byDay = new Map<string, string[]>();
  for (const { day, key } of sources) {
    const path = store.pathOf('processed', key);
    const paths = byDay.get(day);
    if (paths === undefined) byDay.set(day, [path]);
    else paths.push(path);
  }
  return unitRowsSql(plan, byDay);
}

/** Most objects repeat nothing, which a count of hashes tells; only then are rows compared. */
async function findRepeats(connection: DuckDBConnection, plan: DatasetPlan, unit: Unit): Promise<boolean> {
  await connection.run(repeatCandidatesSql(plan, unit.isOneObject));
  if ((await count(connection, 'select count(*) from repeat_candidates')) === 0) return false;
  await connection.run(repeatsSql(plan, unit.isOneObject));
  return (await count(connection, 'select count(*) from repeats')) > 0;
}

async function countRepeats(work: SettleWork, unit: Unit, sources: readonly Source[]): Promise<number> {
  const { connection, plan } = work;
  if (unit.isOneObject && unit.keysAreUnique) return count(connection, 'select count(*) from repeats');
  await connection.run(rowsOf(work, sources));
  return count(connection, `select count(*) from ${settledName(plan.name)} where is_repeat`);
}

async function requirePartition({ connection, plan, curated }: SettleWork): Promise<void> {
  const reader = await connection.runAndReadAll(`describe select * from (\n${curated.sql}\n)`);
  if (reader.getRows().some(([column]) => column === plan.partitionBy)) return;
  const file = `sql/${plan.name}/curated/${curated.table}.sql`;
  throw new Error(`${file} gives no column '${plan.partitionBy}': select it too, it tells the folder of a row`);
}

async function putPart(work: SettleWork, day: string, id: string): Promise<DataFile | undefined> {
  const { connection, store, plan, curated } = work;
  const path = await store.scratch.path('curated');
  try {
    const select = `select * exclude ("${plan.partitionBy}") from (\n${curated.sql}\n) where cast("${plan.partitionBy}" as date) = date '${day}'`;
    const to = `'${path.replaceAll("'", "''")}' (${WRITTEN})`;
    const rows = await count(connection, `copy (${select}) to ${to}`);
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
