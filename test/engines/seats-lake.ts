/** A small dataset and lakes of it, for tests that begin with processed rows. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, DatasetPlan, LakeType } from '../../core/contract/plan.ts';
import { readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import type { FileStore } from '../../local/file-store.ts';

export interface Seat {
  readonly id: string;
  readonly seen: string | null;
  readonly price: number;
  readonly note: string | null;
  readonly source_checksum: string | null;
  readonly source_line: number | null;
}

export const seats: DatasetPlan = {
  name: 'seats',
  description: 'One row per seat.',
  key: ['id'],
  partitionBy: 'ingest_date',
  columns: [
    column('id', { kind: 'string' }, 'position'),
    column('seen', { kind: 'timestamp' }, 'source'),
    column('price', { kind: 'int32' }, 'source'),
    column('note', { kind: 'string' }, 'source'),
    column('ingested_at', { kind: 'timestamp' }, 'lake'),
    column('source', { kind: 'string' }, 'lake'),
    column('source_checksum', { kind: 'string' }, 'lake'),
    column('source_line', { kind: 'int64' }, 'lake'),
  ],
  newestBy: ['seen', 'ingested_at', 'source_line'],
  retention: { rawDays: 1, processedDays: 1 },
  clean: [],
  maxRejectedShare: 0.05,
};

/** A processed object: its rows as one or more files, and its ledger entry. */
export interface ObjectOfSeats {
  /** Checksum of a batch, any name of a stream. */
  readonly id: string;
  readonly source: 'batch' | 'stream';
  readonly receivedAt: string;
  /** Id of the object whose rejected rows these were. */
  readonly replayOf?: string;
  readonly seats: readonly Seat[];
}

export function checksum(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** Writes an object as `convert` or `transform` would: files first, then the entry. */
export async function putSeats(store: FileStore, object: ObjectOfSeats, rowsAFile = 4): Promise<LedgerEntry> {
  const day = object.receivedAt.slice(0, 10);
  const files = [];
  for (let first = 0; first < object.seats.length; first += rowsAFile) {
    const rows = object.seats.slice(first, first + rowsAFile);
    const path = await store.scratch.path('seats.parquet');
    await writeParquet(path, rows, object, store);
    const key = dataKey('seats', 'ingest_date', day, object.id, files.length);
    const { sizeBytes } = await store.putFile('processed', key, path);
    files.push({ key, rows: rows.length, sizeBytes });
  }
  const keys = object.seats.map((seat) => seat.id).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const distinct = new Set(keys).size;
  return putEntry(store, {
    id: object.id,
    dataset: 'seats',
    source: object.source,
    name: object.id,
    sizeBytes: 1,
    receivedAt: object.receivedAt,
    ingestDate: day,
    rowsIn: keys.length,
    accepted: distinct,
    rejected: 0,
    duplicates: keys.length - distinct,
    rejectedByReason: {},
    cleaned: {},
    format: 'made by a test',
    warnings: [],
    ...(object.replayOf !== undefined && { replayOf: object.replayOf }),
    ...(keys.length > 0 && { keyRange: [keys[0] ?? '', keys.at(-1) ?? ''] as const }),
    files,
    rejectedFiles: [],
  });
}

const instance = await DuckDBInstance.create(':memory:');

async function writeParquet(path: string, rows: readonly Seat[], object: ObjectOfSeats, store: FileStore) {
  const json = await store.scratch.path('seats.json');
  const full = rows.map((row) => ({ ...row, ingested_at: object.receivedAt, source: object.source }));
  await writeFile(json, full.map((row) => JSON.stringify(row)).join('\n'));
  const connection = await instance.connect();
  await connection.run(`copy (select id, seen, price, note, ingested_at, source, source_checksum, source_line from
    read_json(${text(json)}, format = 'newline_delimited', columns = { id: 'varchar', seen: 'timestamp', price: 'integer',
      note: 'varchar', ingested_at: 'timestamp', source: 'varchar', source_checksum: 'varchar', source_line: 'bigint' }))
    to ${text(path)} (format parquet)`);
  connection.closeSync();
  await rm(json);
}

export interface CuratedSeat {
  readonly id: string;
  readonly price: number;
  readonly note: string | null;
  readonly versions: number;
  readonly is_repeat: boolean;
  readonly day: string;
}

/** The rows that readers of a curated table see, by id; the day is the one of the file's folder. */
export async function readCurated(store: FileStore, table = 'seats'): Promise<CuratedSeat[]> {
  const manifest = await readCurrentManifest(store, table);
  const rows: CuratedSeat[] = [];
  const connection = await instance.connect();
  for (const { key } of manifest?.units.flatMap((unit) => unit.files) ?? []) {
    const day = /ingest_date=([^/]+)/.exec(key)?.[1] ?? '';
    const path = store.pathOf('curated', key).replace(/[*?[]/g, '[$&]');
    const reader = await connection.runAndReadAll(
      `select id, price, note, versions, is_repeat from read_parquet(${text(path)}, hive_partitioning = false)`,
    );
    for (const row of reader.getRowObjectsJson()) rows.push({ ...row, day } as unknown as CuratedSeat);
  }
  connection.closeSync();
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function column(name: string, type: LakeType, origin: Column['origin']): Column {
  return { name, type, origin, nullable: true, privacy: 'none', description: `The ${name}.` };
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
