import { GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { type DeployedLake, ofType, resourceAt } from './lake.ts';
import { until } from './until.ts';

/** Rows of the answer to a query, each cell as text; asked in the analysts' workgroup, as a person would. */
export async function query(lake: DeployedLake, sql: string): Promise<string[][]> {
  const { athena } = lake.clients;
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: analystsOf(lake),
      QueryExecutionContext: { Database: resourceAt(lake, 'Catalog/Database').physicalId },
    }),
  );
  await until(`the query ${sql}`, 60, async () => {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`${sql}\n${State}: ${StateChangeReason}`);
    return State === 'SUCCEEDED';
  });
  const rows: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
    for (const { Data = [] } of page.ResultSet?.Rows ?? [])
      rows.push(Data.map(({ VarCharValue = '' }) => VarCharValue));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  // The first row is the header.
  return rows.slice(1);
}

function analystsOf(lake: DeployedLake): string {
  const names = ofType(lake, 'AWS::Athena::WorkGroup').map(({ physicalId }) => physicalId);
  const found = names.find((name) => name.endsWith('-analysts'));
  if (found === undefined) throw new Error(`there is no workgroup of analysts among ${names.join(', ')}`);
  return found;
}
