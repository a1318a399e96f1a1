import type { ColumnInfo, Row } from '@aws-sdk/client-athena';
import { athenaValue } from '../../core/answers/athena-value.ts';
import { quotedText, withDollars } from '../../core/answers/statement-text.ts';
import type { Parameters } from '../../core/dashboards/visual-sql.ts';
import type { LakeAnswer, LakeState } from '../../pages/lake-state.ts';
import { type AthenaPorts, finishedQuery } from '../shared/finished-query.ts';

/** The lake as Athena answers for it, with the values that a laptop's engine would give. */
export function athenaLake(ports: AthenaPorts, state: Pick<LakeState, 'views' | 'version'>): LakeState {
  return { ...state, ask: (sql, parameters) => ask(ports, sql, parameters) };
}

async function ask(ports: AthenaPorts, sql: string, parameters: Parameters): Promise<LakeAnswer> {
  const { GetQueryResultsCommand } = await import('@aws-sdk/client-athena');
  const literals: string[] = [];
  const marked = withDollars(sql, (name) => {
    literals.push(quotedText(parameters[name] ?? missing(name)));
    return '?';
  });
  const QueryExecutionId = await finishedQuery(ports, marked.sql, literals);
  let columns: readonly ColumnInfo[] = [];
  const rows: Row[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ports.client.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
    columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
    rows.push(...(page.ResultSet?.Rows ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  // The first row of all is the heading.
  const [, ...answered] = rows;
  return {
    columns: columns.map(({ Name: name = '' }) => ({ name })),
    rows: answered.map(({ Data: cells = [] }) =>
      columns.map(({ Type: type = 'varchar' }, at) => athenaValue(cells[at]?.VarCharValue, type)),
    ),
  };
}

function missing(name: string): never {
  throw new Error(`the statement has the parameter '${name}', expected a value for it`);
}
