import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from '../../core/contract/duckdb-type.ts';
import { type Column, type DatasetPlan, storedColumns } from '../../core/contract/plan.ts';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import type { RecordFormat } from '../convert/read-line.ts';
import { fingerprint } from '../reprocess/replay-object.ts';
import type { PersonRecords } from './person-records.ts';

/** A row of a Parquet file that is to go. */
export interface FoundRow {
  /** Its place in the file, from 0. */
  readonly place: number;
  /** Line of its source, null for a row that came alone. */
  readonly line: number | null;
}

export interface ProcessedRow extends FoundRow {
  /** Values of the key columns as JSON. */
  readonly key: string;
}

export interface RefusedRow extends FoundRow {
  /** As replays name it: the line, or a digest of the record. */
  readonly fingerprint: string;
  readonly reason: string;
}

/** Rows of a file of processed/ that are a person's, by its values or by the line that they came from. */
export async function processedRows(
  connection: DuckDBConnection,
  path: string,
  { plan, person, lines }: { readonly plan: DatasetPlan; readonly person: PersonMatcher; readonly lines: Lines },
): Promise<ProcessedRow[]> {
  const stored = new Set(storedColumns(plan).map(({ name }) => name));
  const columns = person.columns.filter(({ name }) => stored.has(name));
  const values = columns.map(({ name }) => sqlName(name));
  const found: ProcessedRow[] = [];
  const where = conditionOf(person, columns, lines);
  for await (const row of rowsOf(connection, path, ['source_line', keySql(plan), ...values], where)) {
    const [place, line, key, ...texts] = row;
    const number = line === null ? null : Number(line);
    if (isNamedIn(person, columns, texts) || (number !== null && lines.has(number)))
      found.push({ place: Number(place), line: number, key: String(key) });
  }
  return found;
}

/** Lines of the source of a file's rows; empty where rows of several sources stand in it. */
export type Lines = ReadonlySet<number>;

/** Rows of a file of rejected/ that are a person's, by their bytes or by the line that they came from. */
export async function refusedRows(
  connection: DuckDBConnection,
  path: string,
  {
    records,
    person,
    lines,
    format,
  }: {
    readonly records: PersonRecords;
    readonly person: PersonMatcher;
    readonly lines: Lines;
    readonly format: RecordFormat | undefined;
  },
): Promise<RefusedRow[]> {
  const found: RefusedRow[] = [];
  for await (const row of rowsOf(connection, path, ['source_line', 'raw', 'raw_encoding', 'reason'])) {
    const [place, line, raw, encoding, reason] = row;
    const bytes = Buffer.from(String(raw), encoding === 'base64' ? 'base64' : 'utf8');
    const text = bytes.toString('utf8');
    const number = line === null ? null : Number(line);
    // What framing or decoding refused has no columns to be read by.
    const isReadable = encoding === 'text' && !String(reason).startsWith('row:');
    const isTheirs = isReadable ? records.isRefusedOf(text, format) : person.isIn(text);
    if (isTheirs || (number !== null && lines.has(number)))
      found.push({
        place: Number(place),
        line: number,
        fingerprint: fingerprint({ line: number ?? undefined, text }),
        reason: String(reason),
      });
  }
  return found;
}

/** Rows of a file of a table that has the key of a dataset, whose key is one of these. */
export async function rowsOfKeys(
  connection: DuckDBConnection,
  path: string,
  plan: DatasetPlan,
  keys: ReadonlySet<string>,
): Promise<number[]> {
  if (keys.size === 0) return [];
  const found: number[] = [];
  const where = `${keySql(plan)} in (${[...keys].map(sqlText).join(', ')})`;
  for await (const [place] of rowsOf(connection, path, [], where)) found.push(Number(place));
  return found;
}

/** How many rows of a file of any table have one of the person's values in a column of the contract's name. */
export async function countNamed(connection: DuckDBConnection, path: string, person: PersonMatcher): Promise<number> {
  const described = await connection.runAndReadAll(
    `describe select * from read_parquet(${pathText(path)}, hive_partitioning = false)`,
  );
  const there = new Set(described.getRowsJson().map(([name]) => String(name)));
  const columns = person.columns.filter(({ name }) => there.has(name));
  if (columns.length === 0) return 0;
  let count = 0;
  const values = columns.map(({ name }) => sqlName(name));
  for await (const [, ...texts] of rowsOf(connection, path, values, conditionOf(person, columns, new Set()))) {
    if (isNamedIn(person, columns, texts)) count += 1;
  }
  return count;
}

function isNamedIn(person: PersonMatcher, columns: readonly Column[], values: readonly unknown[]): boolean {
  return columns.some((column, at) => {
    const value = values[at];
    return typeof value === 'string' && person.isStoredAs(column, value);
  });
}

/** What spares looking at every row; values that are stored as they came must be looked at one by one. */
function conditionOf(person: PersonMatcher, columns: readonly Column[], lines: Lines): string {
  const own = columns.map((column) => {
    const pseudonym = person.pseudonymIn(column);
    return pseudonym === undefined
      ? `${sqlName(column.name)} is not null`
      : `${sqlName(column.name)} = ${sqlText(pseudonym)}`;
  });
  const byLine = lines.size === 0 ? [] : [`source_line in (${[...lines].join(', ')})`];
  return [...own, ...byLine, 'false'].join(' or ');
}

function keySql({ key }: DatasetPlan): string {
  return `to_json([${key.map((name) => `${sqlName(name)}::varchar`).join(', ')}])::varchar`;
}

async function* rowsOf(connection: DuckDBConnection, path: string, columns: readonly string[], where = 'true') {
  const result = await connection.stream(
    `select ${['file_row_number', ...columns].join(', ')}
     from read_parquet(${pathText(path)}, hive_partitioning = false, file_row_number = true) where ${where}`,
  );
  for await (const rows of result.yieldRowsJson()) yield* rows;
}
