import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { DataFile } from '../core/lake/ledger.ts';
import type { Unit } from '../core/lake/plan-units.ts';
import { bucketRowsSql, splitRowsSql, unitRowsSql } from '../core/lake/settle-sql.ts';
import type { FileStore } from './file-store.ts';

/** Bytes of processed files that become one curated file: large enough for Athena, small enough to be followed. */
const FILE_BYTES = 128 * 1024 * 1024;
/** Rows of which several versions can be settled in memory. */
const BUCKET_ROWS = 400_000;

/** Rows of a unit that can be settled without its other rows. */
export interface Share {
  /** Makes `unit_rows` of them. */
  readonly sql: string;
  /** Days that their rows may have. */
  readonly days: readonly string[];
  /** Bytes of their processed files, about. */
  readonly bytes: number;
}

interface Place {
  readonly store: FileStore;
  readonly connection: DuckDBConnection;
  readonly plan: DatasetPlan;
}

/** Makes `unit_rows` of all rows of a unit. */
export function allRowsSql({ store, plan }: Place, unit: Unit): string {
  return rowsSql(store, plan, sourcesOf(unit));
}

/** Divides a unit: by its files where no key occurs twice, by its keys where there are too many rows to settle at once. */
export async function* sharesOf(place: Place, unit: Unit): AsyncGenerator<Share> {
  const { store, plan } = place;
  const sources = sourcesOf(unit);
  const days = [...new Set(sources.map((source) => source.day))].sort();
  if (unit.keysAreUnique) {
    for (const chunk of days.flatMap((day) => chunks(sources.filter((source) => source.day === day)))) {
      const day = chunk.map((source) => source.day).slice(0, 1);
      yield { sql: rowsSql(store, plan, chunk), days: day, bytes: bytesOf(chunk) };
    }
  } else if (unit.rows <= BUCKET_ROWS) yield { sql: rowsSql(store, plan, sources), days, bytes: bytesOf(sources) };
  else yield* buckets(place, unit, days, bytesOf(sources));
}

/** All rows of a key are in one bucket. The rows are read once, and lie in the lake's `.tmp` meanwhile. */
async function* buckets({ store, connection, plan }: Place, unit: Unit, days: readonly string[], bytes: number) {
  const folder = await store.scratch.folder('buckets');
  try {
    const count = Math.ceil(unit.rows / BUCKET_ROWS);
    for (const sql of splitRowsSql(plan, count, folder)) await connection.run(sql);
    const names = (await readdir(folder)).sort();
    for (const name of names) {
      const paths = (await readdir(join(folder, name))).sort().map((file) => join(folder, name, file));
      yield { sql: bucketRowsSql(paths), days, bytes: bytes / names.length };
      await rm(join(folder, name), { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A processed file and the day of its rows. */
interface Source extends DataFile {
  readonly day: string;
}

function sourcesOf(unit: Unit): Source[] {
  return unit.entries.flatMap((entry) => entry.files.map((file) => ({ ...file, day: entry.ingestDate })));
}

function rowsSql(store: FileStore, plan: DatasetPlan, sources: readonly Source[]): string {
  const byDay = new Map<string, string[]>();
  for (const { day, key } of sources) {
    const path = store.pathOf('processed', key);
    const paths = byDay.get(day);
    if (paths === undefined) byDay.set(day, [path]);
    else paths.push(path);
  }
  return unitRowsSql(plan, byDay);
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

function bytesOf(sources: readonly Source[]): number {
  return sources.reduce((sum, source) => sum + source.sizeBytes, 0);
}
