/** Athena's protocol over the laptop's engine: statements, literals for question marks, and answers page by page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AnswerValue, valueText } from '../../core/answers/answer-value.ts';
import { bareSql } from '../../core/answers/statement-text.ts';
import type { AnswerColumn } from '../../local/answer.ts';
import type { Answer } from '../../local/engine.ts';

/** What was asked, as Athena's API names it. */
export interface AskedStatement {
  readonly QueryString: string;
  readonly ExecutionParameters?: readonly string[];
  readonly WorkGroup?: string;
  readonly QueryExecutionContext?: { readonly Database?: string };
}

export interface AthenaStandIn {
  readonly endpoint: string;
  readonly asked: readonly AskedStatement[];
  /** Reason for which a statement fails; undefined lets it run. */
  refuse: (sql: string) => string | undefined;
  stop(): void;
}

/** So few that answers come in several pages; Athena gives a thousand. */
const PAGE_ROWS = 20;

type State = { readonly answer: Answer } | { readonly reason: string };

export async function startAthena(query: (sql: string) => Promise<Answer>): Promise<AthenaStandIn> {
  const asked: AskedStatement[] = [];
  const states: State[] = [];
  const answerOf = (body: { readonly QueryExecutionId: string }) => {
    const state = states[Number(body.QueryExecutionId)];
    if (state === undefined) throw new Error(`there is no query ${body.QueryExecutionId}`);
    return state;
  };
  const operations: Readonly<Record<string, (body: never) => Promise<object> | object>> = {
    async StartQueryExecution(statement: AskedStatement) {
      asked.push(statement);
      const sql = withLiterals(statement);
      const reason = standIn.refuse(sql);
      const failed = (error: Error): State => ({ reason: error.message });
      states.push(reason === undefined ? await query(sql).then((answer) => ({ answer }), failed) : { reason });
      return { QueryExecutionId: String(states.length - 1) };
    },
    GetQueryExecution(body: { readonly QueryExecutionId: string }) {
      const state = answerOf(body);
      const Status = 'reason' in state ? { State: 'FAILED', StateChangeReason: state.reason } : { State: 'SUCCEEDED' };
      return { QueryExecution: { ...body, Status } };
    },
    GetQueryResults(body: { readonly QueryExecutionId: string; readonly NextToken?: string }) {
      const state = answerOf(body);
      if ('reason' in state) throw new Error(state.reason);
      return pageOf(state.answer, Number(body.NextToken ?? 0));
    },
  };
  const server = createServer(async (request, response) => {
    const name = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
    const answer = await operations[name]?.(body as never);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  const standIn: AthenaStandIn = {
    endpoint: await listening(server),
    asked,
    refuse: () => undefined,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return standIn;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As Athena executes with parameters: a literal in the place of each question mark, in their order. */
function withLiterals({ QueryString: sql, ExecutionParameters: literals = [] }: AskedStatement): string {
  const marks = [...bareSql(sql).matchAll(/\?/g)].map(({ index }) => index);
  if (marks.length !== literals.length) throw new Error(`found ${literals.length} literals for ${marks.length} marks`);
  const parts = marks.map((at, number) => `${sql.slice((marks[number - 1] ?? -1) + 1, at)}${literals[number]}`);
  return parts.join('') + sql.slice((marks.at(-1) ?? -1) + 1);
}

/** The heading is the first row of the first page. */
function pageOf({ columns, rows }: Answer, from: number) {
  const texts = rows.map((row) => row.map(cell));
  const all = [columns.map(({ name }) => ({ VarCharValue: name })), ...texts];
  const end = from + PAGE_ROWS;
  return {
    ...(end < all.length && { NextToken: String(end) }),
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Type: athenaType(type) })) },
      Rows: all.slice(from, end).map((Data) => ({ Data })),
    },
  };
}

function cell(value: AnswerValue) {
  return value === null ? {} : { VarCharValue: valueText(value) };
}

/** Athena's word for a type of DuckDB; what is too large for its numbers does not occur in a view. */
function athenaType(type: AnswerColumn['type']): string {
  return type === 'HUGEINT' ? 'bigint' : type.replace(/\(.*/, '').toLowerCase();
}
