import type { DuckDBConnection } from '@duckdb/node-api';
import type { LedgerEntry } from '../core/lake/ledger.ts';

/** `ledger`: one row per object taken in, of all datasets. */
const LEDGER = {
  dataset: 'varchar',
  id: 'varchar',
  name: 'varchar',
  source: 'varchar',
  format: 'varchar',
  size_bytes: 'bigint',
  received_at: 'timestamp',
  ingest_date: 'date',
  rows_in: 'bigint',
  accepted: 'bigint',
  rejected: 'bigint',
  duplicates: 'bigint',
};

/** `ledger_reasons`: one row per object and reason for which rows of it were rejected. */
const REASONS = { dataset: 'varchar', id: 'varchar', reason: 'varchar', rejected_rows: 'bigint' };

/** Makes the two relations of the ledger, as tables. */
export async function registerLedger(connection: DuckDBConnection, entries: readonly LedgerEntry[]): Promise<void> {
  await createTable(connection, 'ledger', LEDGER, entries.map(ledgerRow));
  await createTable(connection, 'ledger_reasons', REASONS, entries.flatMap(reasonRows));
}

function ledgerRow(entry: LedgerEntry): Record<keyof typeof LEDGER, unknown> {
  const { dataset, id, name, source, format, accepted, rejected, duplicates } = entry;
  return {
    dataset,
    id,
    name,
    source,
    format,
    size_bytes: entry.sizeBytes,
    received_at: entry.receivedAt.replace('Z', ''),
    ingest_date: entry.ingestDate,
    rows_in: entry.rowsIn,
    accepted,
    rejected,
    duplicates,
  };
}

function reasonRows({ dataset, id, rejectedByReason }: LedgerEntry): Record<keyof typeof REASONS, unknown>[] {
  return Object.entries(rejectedByReason).map(([reason, rejected_rows]) => ({ dataset, id, reason, rejected_rows }));
}

/** The rows travel as one JSON text: a parameter each would be slow for a ledger of thousands of objects. */
async function createTable(
  connection: DuckDBConnection,
  name: string,
  types: Readonly<Record<string, string>>,
  rows: readonly object[],
): Promise<void> {
  const columns = Object.entries(types).map(([column, type]) => `cast(one.${column} as ${type}) as ${column}`);
  const structure = JSON.stringify([types]);
  await connection.run(
    `create table ${name} as select ${columns.join(', ')} from (select unnest(from_json(cast($1 as json), '${structure}')) as one)`,
    [JSON.stringify(rows)],
  );
}
