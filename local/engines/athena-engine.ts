import { setTimeout as wait } from 'node:timers/promises';
import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { athenaValue } from '../../core/answers/athena-value.ts';
import type { AnswerColumn } from '../answer.ts';
import { athenaCharge } from '../scan-estimate.ts';
import { answerType, type QueryEngine } from './query-engine.ts';
import { withLiterals } from './with-literals.ts';

/** Where a deployed lake is asked. */
export interface AthenaPlace {
  readonly region: string;
  readonly database: string;
  readonly workGroup: string;
}

/** Milliseconds between two looks at a query: soon at first, seldom later. */
const PAUSES = [100, 200, 400, 800, 1500];

/**
 * Athena, in the workgroup whose limits hold for whoever asks. What it scanned comes with the answer. Throws Athena's
 * own reason where it refuses or stops a query; an interrupted process stops its query.
 */
export function athenaEngine(place: AthenaPlace, client = new AthenaClient({ region: place.region })): QueryEngine {
  return {
    async read(sink, sql, given = {}, declared = []) {
      const started = performance.now();
      const bound = withLiterals(sql, given, declared);
      const { QueryExecutionId: id } = await client.send(
        new StartQueryExecutionCommand({
          QueryString: bound.sql,
          WorkGroup: place.workGroup,
          QueryExecutionContext: { Database: place.database },
          ...(bound.values.length > 0 ? { ExecutionParameters: [...bound.values] } : {}),
        }),
      );
      const execution = await ended(client, String(id));
      let columns: AnswerColumn[] = [];
      let types: string[] = [];
      let rowCount = 0;
      let token: string | undefined;
      do {
        const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
        const rows = page.ResultSet?.Rows ?? [];
        const isFirst = token === undefined;
        if (isFirst) {
          const described = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
          types = described.map(({ Type: type = 'varchar' }) => type);
          columns = described.map(column);
          await sink.begin(columns);
        }
        // The first row of the first page is the header.
        const answered = rows
          .slice(isFirst ? 1 : 0)
          .map(({ Data: cells = [] }) => types.map((type, at) => athenaValue(cells[at]?.VarCharValue, type)));
        rowCount += answered.length;
        if (answered.length > 0) await sink.add(answered);
        token = page.NextToken;
      } while (token !== undefined);
      const scanned = athenaCharge(execution.Statistics?.DataScannedInBytes ?? 0);
      return { columns, rowCount, seconds: (performance.now() - started) / 1000, scan: undefined, scanned };
    },
    close: async () => client.destroy(),
  };
}

async function ended(client: AthenaClient, id: string): Promise<QueryExecution> {
  const stop = () =>
    void client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).finally(() => process.exit(130));
  process.once('SIGINT', stop);
  try {
    for (let looks = 0; ; looks += 1) {
      const { QueryExecution: execution = {} } = await client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: id }),
      );
      const { State: state, StateChangeReason: why } = execution.Status ?? {};
      if (state === 'SUCCEEDED') return execution;
      if (state === 'FAILED' || state === 'CANCELLED')
        throw new Error(`athena ${state.toLowerCase()} it: ${why ?? 'no reason given'}`);
      await wait(PAUSES[looks] ?? PAUSES.at(-1));
    }
  } finally {
    process.off('SIGINT', stop);
  }
}

function column({ Name: name = '', Type: type = 'varchar', Precision, Scale }: ColumnInfo): AnswerColumn {
  return { name, type: answerType(type === 'decimal' ? `decimal(${Precision},${Scale})` : type) };
}
