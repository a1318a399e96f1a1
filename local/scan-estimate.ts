import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { pathText } from '../core/lake/settle-sql.ts';
import { quoted, type Relation, tagOf } from './lake-relations.ts';

/** What Athena would read and charge for a query, estimated from the plan and from the files' own footers. */
export interface ScanEstimate {
  /** Compressed bytes of the columns that are read, in the files that partition pruning leaves. */
  readonly bytes: number;
  /** What is charged for: at least 10 MB a query over files. */
  readonly billedBytes: number;
  readonly usd: number;
}

/** Athena's list price and its least bytes a query. */
const USD_A_TERABYTE = 5;
const LEAST_BYTES = 10_000_000;

/** What a query over files costs that reads so many bytes. */
export function athenaCharge(bytes: number): ScanEstimate {
  const billedBytes = Math.max(bytes, LEAST_BYTES);
  return { bytes, billedBytes, usd: (billedBytes / 1e12) * USD_A_TERABYTE };
}

interface PlanNode {
  readonly name: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

interface FileSizes {
  readonly path: string;
  /** Compressed bytes by column. */
  readonly columns: ReadonlyMap<string, number>;
}

type Bind = (prepared: DuckDBPreparedStatement) => void;

/** Estimates over relations that are registered with tags. */
export class ScanEstimator {
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #sizes = new Map<string, readonly FileSizes[]>();

  constructor(relations: readonly Relation[]) {
    this.#relations = new Map(relations.map((relation) => [tagOf(relation.name), relation]));
  }

  async estimate(connection: DuckDBConnection, sql: string, bind: Bind): Promise<ScanEstimate> {
    let bytes = 0;
    const scans = (await planOf(connection, sql, bind)).flatMap(parquetScans);
    for (const { extra_info: info = {} } of scans) bytes += await this.#scanBytes(connection, info);
    return scans.length === 0 ? { bytes: 0, billedBytes: 0, usd: 0 } : athenaCharge(bytes);
  }

  async #scanBytes(connection: DuckDBConnection, info: Readonly<Record<string, unknown>>): Promise<number> {
    const filters = texts(info.Filters);
    const tag = [...this.#relations.keys()].find((one) => filters.some((filter) => filter.includes(one)));
    const relation = tag === undefined ? undefined : this.#relations.get(tag);
    if (relation === undefined) return 0;
    const used = [...texts(info.Projections), ...filters.flatMap(namesIn)];
    const sizes = await this.#sizesOf(connection, relation);
    const read = await filesLeft(connection, relation, sizes, info);
    const total = read.files.reduce((sum, file) => sum + bytesOf(file, used), 0);
    return Math.round(total * read.share);
  }

  async #sizesOf(connection: DuckDBConnection, relation: Relation): Promise<readonly FileSizes[]> {
    const known = this.#sizes.get(relation.name) ?? (await fileSizes(connection, relation.paths));
    this.#sizes.set(relation.name, known);
    return known;
  }
}

function bytesOf({ columns }: FileSizes, used: readonly string[]): number {
  return [...new Set(used)].reduce((sum, column) => sum + (columns.get(column) ?? 0), 0);
}

/** The files that the plan's filter on the partition leaves; where it cannot be read, all of them and their share. */
async function filesLeft(
  connection: DuckDBConnection,
  { partitionBy }: Relation,
  files: readonly FileSizes[],
  info: Readonly<Record<string, unknown>>,
): Promise<{ readonly files: readonly FileSizes[]; readonly share: number }> {
  const [left, all] = String(info['Scanning Files'] ?? '')
    .split('/')
    .map(Number);
  if (left === undefined || !all || left === all) return { files, share: 1 };
  const days = await daysLeft(connection, partitionBy, files, texts(info['File Filters']).join(' and ')).catch(
    (): string[] => [],
  );
  const kept = files.filter(({ path }) => days.includes(dayOf(path, partitionBy)));
  return kept.length === left ? { files: kept, share: 1 } : { files, share: left / all };
}

async function daysLeft(
  connection: DuckDBConnection,
  partitionBy: string,
  files: readonly FileSizes[],
  filter: string,
): Promise<string[]> {
  const days = [...new Set(files.map(({ path }) => dayOf(path, partitionBy)))];
  const day = quoted(partitionBy);
  const reader = await connection.runAndReadAll(
    `select cast(${day} as varchar) from (select unnest(cast($1 as json)::date[]) as ${day}) where ${filter}`,
    [JSON.stringify(days)],
  );
  return reader.getRowsJson().map(([value]) => String(value));
}

function dayOf(path: string, partitionBy: string): string {
  return new RegExp(`[\\\\/]${partitionBy}=([^\\\\/]+)`).exec(path)?.[1] ?? '';
}

async function planOf(connection: DuckDBConnection, sql: string, bind: Bind): Promise<readonly PlanNode[]> {
  const explain = await connection.prepare(`explain (format json) ${sql}`);
  try {
    bind(explain);
    const [row] = (await explain.runAndReadAll()).getRowsJson();
    return JSON.parse(String(row?.[1])) as PlanNode[];
  } finally {
    explain.destroySync();
  }
}

function parquetScans(node: PlanNode): PlanNode[] {
  const below = (node.children ?? []).flatMap(parquetScans);
  return node.name.trim() === 'READ_PARQUET' ? [node, ...below] : below;
}

async function fileSizes(connection: DuckDBConnection, paths: readonly string[]): Promise<FileSizes[]> {
  const reader = await connection.runAndReadAll(
    `select file_name, split_part(path_in_schema, ',', 1), cast(sum(total_compressed_size) as double)
     from parquet_metadata([${paths.map(pathText).join(', ')}]) group by 1, 2`,
  );
  const files = new Map<string, Map<string, number>>();
  for (const [file, column, bytes] of reader.getRowsJson()) {
    const columns = files.get(String(file)) ?? new Map<string, number>();
    files.set(String(file), columns.set(String(column).trim(), Number(bytes)));
  }
  return [...files].map(([path, columns]) => ({ path, columns }));
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
}

/** Names in the text of a filter, which writes texts in quotes. */
function namesIn(filter: string): string[] {
  return filter.replace(/'(?:[^']|'')*'/g, '').match(/[a-z_][a-z0-9_]*/g) ?? [];
}
