/** Rows to Parquet in a Lambda: our writer against DuckDB's appender and against parquetjs-lite, on the same rows. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import { type Column, type LakeKind, storedColumns } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { cleanRows } from './clean-rows.ts';
import { cpuSeconds, type Figure, inTurn } from './figure.ts';

const ROWS = 200_000;
const ROUNDS = 3;

/** The kinds of column that bookings have. */
type BookingKind = Exclude<LakeKind, 'decimal' | 'date' | 'array' | 'struct'>;
const DUCKDB: Record<BookingKind, string> = {
  string: 'varchar',
  enum: 'varchar',
  int32: 'integer',
  int64: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamptz',
};
const TYPES: Record<BookingKind, DuckDBType> = {
  string: VARCHAR,
  enum: VARCHAR,
  int32: INTEGER,
  int64: BIGINT,
  double: DOUBLE,
  boolean: BOOLEAN,
  timestamp: TIMESTAMPTZ,
};
const LITE: Record<BookingKind, string> = {
  string: 'UTF8',
  enum: 'UTF8',
  int32: 'INT32',
  int64: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MICROS',
};

const plan = datasetNamed('bookings');
const columns = storedColumns(plan);
const rows = cleanRows(plan, ROWS);
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));
const lite = createRequire(import.meta.url)('parquetjs-lite');

try {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const file = (name: string) => join(scratch, name);
  let bytes = 0;
  const seconds = await inTurn(ROUNDS, {
    ours: () => {
      bytes = toParquet(plan, rows).length;
    },
    duckdb: async () => {
      await connection.run(
        `create or replace table rows (${columns.map((it) => `"${it.name}" ${DUCKDB[it.type.kind as BookingKind]}`).join(', ')})`,
      );
      await append(connection);
      await connection.run(`copy rows to '${file('duckdb.parquet')}' (format parquet, compression snappy)`);
    },
  });
  const liteSeconds = await cpuSeconds(() => writeLite(rows, file('lite.parquet')));
  const duckdbBytes = statSync(file('duckdb.parquet')).size;
  const each = (value: number, count: number) => `${((value / count) * 1e6).toFixed(2)} µs a row`;
  const figures: Figure[] = [
    {
      name: 'rows to Parquet against DuckDB',
      measured: seconds.ours / seconds.duckdb,
      unit: '×',
      target: { atMost: 1.4 },
      detail: `CPU, ${ROWS.toLocaleString('en')} bookings: ours ${each(seconds.ours, ROWS)}, DuckDB's data chunks ${each(seconds.duckdb, ROWS)}`,
    },
    {
      name: 'rows to Parquet against parquetjs-lite',
      measured: liteSeconds / seconds.ours,
      unit: '× faster',
      target: { atLeast: 10 },
      detail: `CPU, ${ROWS.toLocaleString('en')} bookings: ours ${each(seconds.ours, ROWS)}, parquetjs-lite ${each(liteSeconds, ROWS)}`,
    },
    {
      name: 'bytes of Parquet against DuckDB',
      measured: bytes / duckdbBytes,
      unit: '×',
      target: { atMost: 1.15 },
      detail: `snappy both: ours ${(bytes / ROWS).toFixed(1)} bytes a row, DuckDB ${(duckdbBytes / ROWS).toFixed(1)}`,
    },
  ];
  console.log(JSON.stringify(figures));

  async function append(to: typeof connection): Promise<void> {
    const appender = await to.createAppender('rows');
    const types = columns.map((it) => TYPES[it.type.kind as BookingKind]);
    for (let first = 0; first < rows.length; first += 2048) {
      const chunk = DuckDBDataChunk.create(types);
      const part = rows.slice(first, first + 2048);
      chunk.setColumns(columns.map((column) => part.map((row) => duckdbValue(column, row[column.name]))));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function writeLite(some: readonly Record<string, unknown>[], path: string): Promise<void> {
  const fields = columns.map((it) => [
    it.name,
    { type: LITE[it.type.kind as BookingKind], optional: it.nullable, compression: 'SNAPPY' },
  ]);
  const writer = await lite.ParquetWriter.openFile(new lite.ParquetSchema(Object.fromEntries(fields)), path);
  writer.setRowGroupSize(122_880);
  for (const row of some) {
    const present = columns.filter((it) => row[it.name] !== null).map((it) => [it.name, liteValue(it, row[it.name])]);
    await writer.appendRow(Object.fromEntries(present));
  }
  await writer.close();
}

function duckdbValue({ type }: Column, value: unknown): DuckDBValue {
  if (type.kind !== 'timestamp' || value === null) return value as DuckDBValue;
  return new DuckDBTimestampTZValue(BigInt(Date.parse(value as string)) * 1000n);
}

function liteValue({ type }: Column, value: unknown): unknown {
  if (type.kind === 'timestamp') return new Date(value as string);
  return type.kind === 'int64' ? Number(value) : value;
}
