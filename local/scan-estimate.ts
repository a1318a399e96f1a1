import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { pathText } from '../core/lake/settle-sql.ts';

/** A relation of the lake and the files behind it. */
export interface Relation {
  readonly name: string;
  readonly paths: readonly string[];
}

/** What Athena would read and charge for a query, estimated from the plan and from the files' own footers. */
export interface ScanEstimate {
  /** Compressed bytes of the columns that are read, in the files that partition pruning leaves. */
  readonly bytes: number;
  /** What is charged for: at least 10 MB a query. */
  readonly billedBytes: number;
  readonly usd: number;
}

/** Athena's price and its least bytes a query; on demand, eu-west-3 and us-east-1 alike, as of November 2026. */
const USD_A_TERABYTE = 5;
const LEAST_BYTES = 10_000_000;

interface PlanNode {
  readonly name: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

/** Never fails a query: where the plan cannot be read, whole files are counted. */
export async function estimateScan(
  connection: DuckDBConnection,
  relations: readonly Relation[],
  sql: string,
  bind: (prepared: DuckDBPreparedStatement) => void,
): Promise<ScanEstimate> {
  const scans = (await planOf(connection, sql, bind)).flatMap(parquetScans);
  let bytes = 0;
  for (const node of scans) bytes += await scanBytes(connection, relations, node);
  const billedBytes = scans.length === 0 ? 0 : Math.max(bytes, LEAST_BYTES);
  return { bytes, billedBytes, usd: (billedBytes / 1e12) * USD_A_TERABYTE };
}

async function planOf(
  connection: DuckDBConnection,
  sql: string,
  bind: (prepared: DuckDBPreparedStatement) => void,
): Promise<readonly PlanNode[]> {
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

/** The plan does not name the relation of a scan: of those that have all its columns, the dearest is taken. */
async function scanBytes(
  connection: DuckDBConnection,
  relations: readonly Relation[],
  node: PlanNode,
): Promise<number> {
  const info = node.extra_info ?? {};
  const columns = new Set([...names(info.Projections), ...names(info.Filters).flatMap(columnsOfFilter)]);
  const share = shareOfFiles(info['Scanning Files']);
  let dearest = 0;
  for (const { paths } of relations) {
    if (paths.length === 0) continue;
    const sizes = await columnBytes(connection, paths);
    const known = [...columns].filter((column) => sizes.has(column));
    if (known.length < columns.size && known.length === 0) continue;
    const bytes = known.reduce((sum, column) => sum + (sizes.get(column) ?? 0), 0);
    dearest = Math.max(dearest, bytes * share);
  }
  return Math.round(dearest);
}

async function columnBytes(
  connection: DuckDBConnection,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const reader = await connection.runAndReadAll(
    `select split_part(path_in_schema, ',', 1), cast(sum(total_compressed_size) as double)
     from parquet_metadata([${paths.map(pathText).join(', ')}]) group by 1`,
  );
  return new Map(reader.getRowsJson().map(([column, bytes]) => [String(column), Number(bytes)]));
}

function names(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function columnsOfFilter(filter: string): string[] {
  return filter.match(/\b[a-z_][a-z0-9_]*\b/g) ?? [];
}

function shareOfFiles(text: unknown): number {
  const found = typeof text === 'string' ? /^(\d+)\/(\d+)$/.exec(text) : null;
  return found && Number(found[2]) > 0 ? Number(found[1]) / Number(found[2]) : 1;
}
