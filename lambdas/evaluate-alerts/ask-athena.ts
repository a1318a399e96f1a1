import { setTimeout as sleep } from 'node:timers/promises';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { Row } from '../../core/alerts/read-rows.ts';

export interface AthenaPorts {
  readonly client: AthenaClient;
  readonly database: string;
  readonly workGroup: string;
  /** After so long a query is stopped. */
  readonly timeoutMs: number;
}

/** Between two looks at a query that runs. */
const PAUSE_MS = 300;

/**
 * Runs one statement and gives its first thousand rows, all values as text. Throws what Athena says of one that failed,
 * was stopped or took too long.
 */
export async function askAthena(ports: AthenaPorts, sql: string): Promise<readonly Row[]> {
  const { GetQueryResultsCommand, StartQueryExecutionCommand } = await import('@aws-sdk/client-athena');
  const { client, database, workGroup } = ports;
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
      WorkGroup: workGroup,
    }),
  );
  await ended(ports, QueryExecutionId);
  const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const names = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name }) => Name ?? '');
  // The first row is the heading.
  const [, ...rows] = ResultSet?.Rows ?? [];
  return rows.map(({ Data = [] }) => Object.fromEntries(names.map((name, at) => [name, Data[at]?.VarCharValue])));
}

async function ended({ client, timeoutMs }: AthenaPorts, QueryExecutionId: string | undefined): Promise<void> {
  const { GetQueryExecutionCommand, StopQueryExecutionCommand } = await import('@aws-sdk/client-athena');
  for (const until = performance.now() + timeoutMs; ; await sleep(PAUSE_MS)) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED') {
      throw new Error(
        `Athena ended the query ${QueryExecutionId} as ${State}: ${StateChangeReason ?? 'no reason given'}`,
      );
    }
    if (performance.now() < until) continue;
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    throw new Error(`Athena took more than ${timeoutMs / 1000} s for the query ${QueryExecutionId}, which was stopped`);
  }
}
