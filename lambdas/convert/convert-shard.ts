import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { BulkSql } from '../../core/contract/bulk-sql.ts';
import { sqlName, sqlText } from '../../core/contract/duckdb-type.ts';
import { type DatasetPlan, storedColumns } from '../../core/contract/plan.ts';
import type { RowReader } from '../../core/etl/read-row.ts';
import { type Rejection, rejectionsPlan } from '../../core/lake/rejections.ts';
import type { Shard } from './frame-source.ts';
import { type RecordFormat, readLine } from './read-line.ts';
import { type Part, RowSink } from './row-sink.ts';

/** Of every Parquet file that is written. */
export const PARQUET = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)';

/** Lines left over from which on they are worth a second query before they are read one by one. */
const SET_BASED_FROM = 5_000;

/** What all shards of an object have in common. */
export interface ShardWork {
  readonly plan: DatasetPlan;
  readonly sql: BulkSql;
  readonly reader: RowReader;
  readonly format: RecordFormat;
  readonly checksum: string;
  readonly name: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly ingestedAt: string;
  /** Folder for what is written. */
  readonly scratch: string;
}

/** What became of the lines of a shard. */
export interface ShardOutcome {
  /** Lines that are records: all but placeholders. */
  readonly rowsIn: number;
  /** Files of accepted rows that DuckDB wrote, and those of rows that were read one by one. */
  readonly bulkParts: readonly Part[];
  readonly singleParts: readonly Part[];
  readonly rejectedParts: readonly Part[];
  readonly rejectedByReason: ReadonlyMap<string, number>;
  readonly cleaned: ReadonlyMap<string, number>;
}

/**
 * Turns one shard into Parquet files, in up to three steps: rows that are plainly good by one query; if more than a
 * few are left, those that cleaning makes good by another; the rest one by one.
 *
 * @param index of the shard within its object, from 0.
 */
export async function convertShard(
  work: ShardWork,
  connection: DuckDBConnection,
  shard: Shard,
  index: number,
): Promise<ShardOutcome> {
  const path = (kind: string) => join(work.scratch, `${String(index).padStart(5, '0')}-${kind}.parquet`);
  const lines = linesOf(shard);
  const plain = await copy(connection, work.sql.plainRows(lines, shard.firstLine), path('plain'));
  const outcome: MutableOutcome = {
    rowsIn: plain.rows,
    bulkParts: plain.rows > 0 ? [plain] : [],
    rejectedByReason: new Map(),
    cleaned: new Map(),
  };
  const accepted = new RowSink(work.plan, (part) => path(`single-${part}`));
  const rejected = new RowSink(rejectionsPlan, (part) => path(`rejected-${part}`));
  if (plain.rows < shard.lines) {
    const left = await keepLinesLeft(connection, lines, shard, plain);
    outcome.rowsIn += left.records;
    if (left.records >= SET_BASED_FROM) await convertCleaned(work, connection, path('cleaned'), outcome);
    await readOneByOne(work, connection, { accepted, rejected, ...outcome });
    await connection.run('DROP TABLE lines_left');
  }
  return { ...outcome, singleParts: accepted.parts, rejectedParts: rejected.parts };
}

interface MutableOutcome {
  rowsIn: number;
  readonly bulkParts: Part[];
  readonly rejectedByReason: Map<string, number>;
  readonly cleaned: Map<string, number>;
}

/** The lines of a shard as a relation. The delimiter and the NULL are control characters that no line is made of. */
function linesOf(shard: Shard): string {
  return `read_csv(${sqlText(shard.path)}, columns = {'line': 'VARCHAR'}, auto_detect = false, header = false,
    delim = chr(31), quote = '', escape = '', comment = '', nullstr = chr(30) || chr(29), strict_mode = true, buffer_size = 8388608,
    max_line_size = 4194304)`;
}

async function copy(connection: DuckDBConnection, query: string, path: string): Promise<Part> {
  const result = await connection.runAndReadAll(`COPY (${query}) TO ${sqlText(path)} ${PARQUET}`);
  const part = { path, rows: Number(result.getRows()[0]?.[0]) };
  if (part.rows === 0) await rm(path, { force: true });
  return part;
}

/** Puts the lines that are not in the file of plain rows into the temporary table `lines_left`. */
async function keepLinesLeft(
  connection: DuckDBConnection,
  lines: string,
  shard: Shard,
  plain: Part,
): Promise<{ readonly records: number }> {
  const done =
    plain.rows === 0 ? '' : `WHERE line_number NOT IN (SELECT source_line FROM read_parquet(${sqlText(plain.path)}))`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE lines_left AS
    SELECT line, line_number FROM (SELECT line, row_number() OVER () + ${shard.firstLine - 1} AS line_number FROM ${lines}) ${done}`);
  const [left, placeholders] = await numbers(connection, 'SELECT count(*), count_if(line = chr(30)) FROM lines_left');
  if (left === undefined || placeholders === undefined || left + plain.rows !== shard.lines) {
    throw new Error(`${shard.path}: ${plain.rows} + ${left} lines were found, expected ${shard.lines}`);
  }
  await connection.run('DELETE FROM lines_left WHERE line = chr(30)');
  return { records: left - placeholders };
}

/** Converts what cleaning makes good and leaves the rest in `lines_left`. */
async function convertCleaned(
  work: ShardWork,
  connection: DuckDBConnection,
  path: string,
  outcome: MutableOutcome,
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE cleaned AS ${work.sql.cleanedRows('lines_left')}`);
  const columns = storedColumns(work.plan)
    .map(({ name }) => sqlName(name))
    .join(', ');
  const part = await copy(connection, `SELECT ${columns} FROM cleaned WHERE sure`, path);
  if (part.rows > 0) outcome.bulkParts.push(part);
  const counts = work.plan.clean.map((_, rule) => `count_if(sure AND changed[${rule + 1}])`);
  if (counts.length > 0) {
    const found = await numbers(connection, `SELECT ${counts.join(', ')} FROM cleaned`);
    for (const [rule, { name }] of work.plan.clean.entries()) count(outcome.cleaned, name, found[rule] ?? 0);
  }
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE lines_left AS SELECT line, line_number FROM cleaned WHERE NOT sure',
  );
  await connection.run('DROP TABLE cleaned');
}

interface Sinks extends MutableOutcome {
  readonly accepted: RowSink;
  readonly rejected: RowSink;
}

async function readOneByOne(work: ShardWork, connection: DuckDBConnection, sinks: Sinks): Promise<void> {
  const { plan, reader, format, checksum, name, ingestedAt } = work;
  // The engine's decoder drops a byte order mark at the start of a text: something must stand before the line.
  const result = await connection.stream("SELECT '>' || line, line_number FROM lines_left ORDER BY line_number");
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [markedLine, lineNumber] of chunk.getRows() as [string, bigint][]) {
      const line = markedLine.slice(1);
      const position = { source: 'batch', ingestedAt, checksum, line: Number(lineNumber) } as const;
      const { outcome, raw, rawEncoding, rawBytes } = readLine(line, format, reader, position);
      if (outcome.rejection === undefined) {
        for (const rule of outcome.cleaned) count(sinks.cleaned, rule, 1);
        await sinks.accepted.add(outcome.row, line.length);
        continue;
      }
      const { column, rule, message } = outcome.rejection;
      const reason = `${column}:${rule}`;
      count(sinks.rejectedByReason, reason, 1);
      const rejection: Rejection = {
        dataset: plan.name,
        source: 'batch',
        source_checksum: checksum,
        source_name: name,
        source_line: lineNumber,
        reason,
        column_name: column === 'row' ? null : column,
        message,
        raw,
        raw_encoding: rawEncoding,
        raw_bytes: BigInt(rawBytes),
        ingested_at: ingestedAt,
      };
      await sinks.rejected.add({ ...rejection }, raw.length);
    }
  }
  await sinks.accepted.flush();
  await sinks.rejected.flush();
}

async function numbers(connection: DuckDBConnection, query: string): Promise<number[]> {
  const row = (await connection.runAndReadAll(query)).getRows()[0] ?? [];
  return row.map(Number);
}

function count(counts: Map<string, number>, name: string, rows: number): void {
  if (rows > 0) counts.set(name, (counts.get(name) ?? 0) + rows);
}
