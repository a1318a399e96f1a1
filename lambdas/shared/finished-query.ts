import { setTimeout as sleep } from 'node:timers/promises';
import type { AthenaClient } from '@aws-sdk/client-athena';

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
 * Runs one statement, with a literal for each of its question marks, and gives the id under which its answer lies.
 * Throws what Athena says of one that failed, was stopped or took too long.
 */
export async function finishedQuery(
  ports: AthenaPorts,
  sql: string,
  literals: readonly string[] = [],
): Promise<string | undefined> {
  const { StartQueryExecutionCommand } = await import('@aws-sdk/client-athena');
  const { client, database, workGroup } = ports;
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
      WorkGroup: workGroup,
      ...(literals.length > 0 && { ExecutionParameters: [...literals] }),
    }),
  );
  await ended(ports, QueryExecutionId);
  return QueryExecutionId;
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
