import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from '../../core/contract/duckdb-type.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';

/** What the ledger says of a file that a stream delivered. */
export interface DeliveredRows {
  readonly rows: number;
  /** Different keys among them. */
  readonly keys: number;
  /** Smallest and largest first key column. */
  readonly keyRange?: readonly [string, string];
  /** Checksums of the files that rows say they come from. */
  readonly sources: readonly string[];
  /** Earliest arrival of a row (ISO, UTC). */
  readonly receivedAt: string;
}

/** Reads a Parquet file of at least one row. */
export async function describeDelivered(
  connection: DuckDBConnection,
  plan: DatasetPlan,
  path: string,
): Promise<DeliveredRows> {
  const first = sqlName(plan.key[0] ?? '');
  const reader = await connection.runAndReadAll(
    `select count(*), count(distinct (${plan.key.map(sqlName).join(', ')})), min(${first})::varchar, max(${first})::varchar,
       list_sort(list(distinct source_checksum) filter (source_checksum is not null))::json::varchar,
       epoch_ms(min(ingested_at)::timestamp)
     from read_parquet(${sqlText(path)}, hive_partitioning = false)`,
  );
  const [rows, keys, least, most, sources, arrival] = reader.getRows()[0] ?? [];
  if (Number(rows) === 0) throw new Error('a stream delivered a file without rows, expected at least one');
  return {
    rows: Number(rows),
    keys: Number(keys),
    ...(least === null ? {} : { keyRange: [String(least), String(most)] as const }),
    sources: sources === null ? [] : JSON.parse(String(sources)),
    receivedAt: new Date(Number(arrival)).toISOString(),
  };
}
