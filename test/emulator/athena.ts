import { valueText } from '../../core/answers/answer-value.ts';
import { athenaEngine } from '../../local/engines/athena-engine.ts';
import { type DeployedLake, ofType, resourceAt } from './lake.ts';

/** Rows of the answer to a query, each cell as text; asked in the analysts' workgroup, as `query --engine athena` asks. */
export async function query(
  lake: DeployedLake,
  sql: string,
  given: Readonly<Record<string, string>> = {},
): Promise<string[][]> {
  const place = {
    region: await lake.clients.athena.config.region(),
    database: resourceAt(lake, 'Catalog/Database').physicalId,
    workGroup: analystsOf(lake),
  };
  const rows: string[][] = [];
  const add = (more: readonly (readonly Parameters<typeof valueText>[0][])[]) =>
    void rows.push(...more.map((row) => row.map(valueText)));
  await athenaEngine(place, lake.clients.athena).read({ begin: () => {}, add }, sql, given);
  return rows;
}

function analystsOf(lake: DeployedLake): string {
  const names = ofType(lake, 'AWS::Athena::WorkGroup').map(({ physicalId }) => physicalId);
  const found = names.find((name) => name.endsWith('-analysts'));
  if (found === undefined) throw new Error(`there is no workgroup of analysts among ${names.join(', ')}`);
  return found;
}
