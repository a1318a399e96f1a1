import type { DuckDBConnection } from '@duckdb/node-api';
import { queryType } from '../core/contract/duckdb-type.ts';
import type { LakeType } from '../core/contract/plan.ts';
import { CHECK_RESULTS, type CheckRecord } from '../core/lake/check-results.ts';
import type { JsonColumn } from '../core/lake/json-relation.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { LEDGER, LEDGER_REASONS, type ListedEntry } from '../core/lake/ledger-columns.ts';
import { RUNS, type RunRecord } from '../core/lake/run-records.ts';

/** Makes the two relations of the ledger, that of the checks and that of runs, as tables. */
export async function registerLedger(
  connection: DuckDBConnection,
  entries: readonly ListedEntry[],
  checks: readonly CheckRecord[],
  runs: readonly RunRecord[],
): Promise<void> {
  await createTable(connection, 'ledger', typesOf(LEDGER), entries.map(rowBy(LEDGER)));
  await createTable(connection, 'ledger_reasons', LEDGER_REASONS, entries.flatMap(reasonRows));
  await createTable(connection, 'check_results', typesOf(CHECK_RESULTS), checks.map(rowBy(CHECK_RESULTS)));
  await createTable(connection, 'runs', typesOf(RUNS), runs.map(rowBy(RUNS)));
}

type Columns = Readonly<Record<string, JsonColumn>>;

function typesOf(columns: Columns): Record<string, LakeType> {
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));
}

function rowBy(columns: Columns): (document: object) => Record<string, unknown> {
  return (document) => {
    const values = document as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(columns).map(([name, { field, type }]) => [
        name,
        type.kind === 'timestamp' ? String(values[field]).replace('Z', '') : values[field],
      ]),
    );
  };
}

function reasonRows({ dataset, id, rejectedByReason }: LedgerEntry): Record<string, unknown>[] {
  return Object.entries(rejectedByReason).map(([reason, rejected_rows]) => ({ dataset, id, reason, rejected_rows }));
}

/** The rows travel as one JSON text: a parameter each would be slow for a ledger of thousands of objects. */
async function createTable(
  connection: DuckDBConnection,
  name: string,
  lakeTypes: Readonly<Record<string, LakeType>>,
  rows: readonly object[],
): Promise<void> {
  const types = Object.fromEntries(Object.entries(lakeTypes).map(([column, type]) => [column, queryType(type)]));
  const columns = Object.entries(types).map(([column, type]) => `cast(one.${column} as ${type}) as ${column}`);
  const structure = JSON.stringify([types]);
  await connection.run(
    `create table ${name} as select ${columns.join(', ')} from (select unnest(from_json(cast($1 as json), '${structure}')) as one)`,
    [JSON.stringify(rows)],
  );
}
