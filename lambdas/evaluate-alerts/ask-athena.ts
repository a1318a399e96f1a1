import type { Row } from '../../core/alerts/read-rows.ts';
import { type AthenaPorts, finishedQuery } from '../shared/finished-query.ts';

/**
 * Runs one statement and gives its first thousand rows, all values as text. Throws what Athena says of one that failed,
 * was stopped or took too long.
 */
export async function askAthena(ports: AthenaPorts, sql: string): Promise<readonly Row[]> {
  const { GetQueryResultsCommand } = await import('@aws-sdk/client-athena');
  const QueryExecutionId = await finishedQuery(ports, sql);
  const { ResultSet } = await ports.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const names = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name }) => Name ?? '');
  // The first row is the heading.
  const [, ...rows] = ResultSet?.Rows ?? [];
  return rows.map(({ Data = [] }) => Object.fromEntries(names.map((name, at) => [name, Data[at]?.VarCharValue])));
}
