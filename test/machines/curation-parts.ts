/** The functions that the curation machine calls, over a lake in a folder, with DuckDB in the place of Spark and Athena. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { queryType } from '../../core/contract/duckdb-type.ts';
import { type DatasetPlan, storedColumns } from '../../core/contract/plan.ts';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import { candidatePrefix } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import type { Asked } from '../../core/lake/reprocessing.ts';
import { runKey, type SettledUnit, type WorkOrder } from '../../core/lake/work-order.ts';
import type { Zone } from '../../core/ports.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { planCuration } from '../../lambdas/plan-curation/plan-curation.ts';
import { type PublishEvent, publishRun } from '../../lambdas/publish/publish-run.ts';
import { type EndedRun, recordRun } from '../../lambdas/record-run/record-run.ts';
import { planReprocess } from '../../lambdas/reprocess/plan-reprocess.ts';
import { reprocessBatch } from '../../lambdas/reprocess/reprocess-batch.ts';
import { fetchingPorts } from '../../lambdas/reprocess/reprocess-ports.ts';
import { stageCandidate } from '../../lambdas/stage/stage-candidate.ts';
import { type TakeEvent, takeLarge } from '../../lambdas/take-large/take-large.ts';
import { curationMachine } from '../../lib/machines/curation.ts';
import { machineChecks } from '../../lib/machines/machine-checks.ts';
import { readCuratedSql, SQL_ROOT } from '../../local/curated-sql.ts';
import type { FileStore } from '../../local/file-store.ts';
import { registerLedger } from '../../local/ledger-relations.ts';
import { installMacros } from '../../local/macros.ts';
import { settleUnit } from '../../local/settle-unit.ts';
import { withEngine } from '../../local/with-engine.ts';
import { TEST_KEY } from '../convert-input.ts';
import type { Handlers } from './local-machine.ts';

export const definition = curationMachine({
  dataset: 'bookings',
  machineArn: 'arn:aws:states:eu-west-3:123456789012:stateMachine:laketwin-test-bookings',
  planFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:plan',
  stageFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:stage',
  publishFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:publish',
  reprocessFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:reprocess',
  takeLargeFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:take-large',
  recordFunction: 'arn:aws:lambda:eu-west-3:123456789012:function:record-run',
  convertJob: 'laketwin-test-bookings-convert-large',
  curateJob: 'laketwin-test-bookings-curate',
  workGroup: 'laketwin-test-pipelines',
  candidateDatabase: 'laketwin_test_candidate',
  topicArn: 'arn:aws:sns:eu-west-3:123456789012:alerts',
  checks: machineChecks(bookings),
  dataSets: [],
  account: '123456789012',
});

/** Several shards of a small object. */
const FRAMING = { shardBytes: 16 * 1024 };

export interface Machine {
  readonly handlers: Handlers;
  /** Messages of alerts. */
  readonly alerts: string[];
}

export interface MachineOptions {
  readonly now?: Date;
  /** How many executions there are. */
  readonly running?: number;
  /** The rules of today. */
  readonly plan?: DatasetPlan;
  readonly pseudonymKey?: PseudonymKey;
  /** The Spark job that reads what is too large for a function. */
  readonly convert?: (args: ConvertArguments) => Promise<void>;
  /** Objects of more text are too large for a function. */
  readonly mostBytes?: number;
  /** Most rejected rows of an object that a replay tries. */
  readonly mostRejected?: number;
}

export type ConvertArguments = Readonly<Record<'--order' | '--rejected', string>>;

/** What stands behind each task, over a lake. */
export function machineOver(store: FileStore, options: MachineOptions = {}): Machine {
  const { now = new Date('2026-04-01T00:00:00Z'), running = 1, plan = bookings, pseudonymKey = TEST_KEY } = options;
  const addressOf = (zone: Zone, key: string) => store.pathOf(zone, key);
  const ports = { store, plan, addressOf, now: () => now };
  const scratch = join(store.root, '.tmp');
  mkdirSync(scratch, { recursive: true });
  const { mostBytes, mostRejected } = options;
  const reprocessing = {
    ...fetchingPorts({ store, plan, loadPseudonymKey: async () => pseudonymKey, scratch }),
    ...(mostBytes !== undefined && { mostBytes }),
    ...(mostRejected !== undefined && { mostRejected }),
    report: () => {},
  };
  const take = (event: TakeEvent) =>
    takeLarge({ store, datasetNamed: () => plan, addressOf, scratch, framing: FRAMING, report: () => {} }, event);
  const tell = ({ Message }: { Message: string }) => {
    alerts.push(Message);
    return {};
  };
  const alerts: string[] = [];
  const answers = new Map<string, number>();
  const handlers: Handlers = {
    'Look for another run': () => ({ Executions: Array.from({ length: running }, () => ({})) }),
    'List large objects': take,
    Frame: take,
    Convert: async ({ Arguments }: { Arguments: ConvertArguments }) => {
      if (options.convert === undefined) throw new Error('this machine has no Spark');
      await options.convert(Arguments);
      return {};
    },
    Finish: take,
    'Tell of the refusal': tell,
    'Tell of the failure': tell,
    Plan: async ({ run }: { run: string }) => {
      const tables = await readCuratedSql(plan, SQL_ROOT);
      const fingerprints = Object.fromEntries(tables.map(({ table, fingerprint }) => [table, fingerprint]));
      return planCuration({ ...ports, fingerprints }, run);
    },
    Settle: async ({ Arguments }: { Arguments: { '--order': string } }) => settle(store, plan, Arguments['--order']),
    Stage: ({ run, table }: { run: string; table: string }) => stageCandidate(ports, run, table),
    Ask: async ({ QueryString }: { QueryString: string }) => {
      const id = String(answers.size);
      answers.set(id, await offendingRows(store, QueryString));
      return { QueryExecution: { QueryExecutionId: id } };
    },
    Count: ({ QueryExecutionId }: { QueryExecutionId: string }) => {
      const rows = Math.min((answers.get(QueryExecutionId) ?? 0) + 1, 2);
      return { ResultSet: { Rows: Array.from({ length: rows }, () => ({})) } };
    },
    Publish: (event: PublishEvent) => publishRun(ports, event),
    'Plan reprocessing': ({ run, asked }: { run: string; asked: Asked }) =>
      planReprocess({ ...reprocessing, now: () => now }, run, asked),
    'Reprocess batch': ({ run, batch }: { run: string; batch: number }) => reprocessBatch(reprocessing, run, batch),
    Record: (ended: EndedRun) => recordRun({ store, dataset: plan.name, now: () => now }, ended),
    'Record failure': (ended: EndedRun) => recordRun({ store, dataset: plan.name, now: () => now }, ended),
    Alert: tell,
  };
  return { handlers, alerts };
}

/** Does what an order says, as the Glue job would. */
async function settle(store: FileStore, plan: DatasetPlan, path: string): Promise<object> {
  const order: WorkOrder = JSON.parse(readFileSync(path, 'utf8'));
  const curated = (await readCuratedSql(plan, SQL_ROOT)).find(({ table }) => table === order.table);
  if (curated === undefined) throw new Error(`no SQL makes ${order.table}`);
  const entries = await listEntries(store, order.dataset);
  const units = await withEngine(store, async (connection) => {
    await installMacros(connection);
    const settled: SettledUnit[] = [];
    for (const unit of order.units) {
      const own = entries.filter(({ id }) => unit.ledgerIds.includes(id));
      const work = { store, connection, plan, curated, onBytes: () => {} };
      settled.push(await settleUnit(work, { ...unit, entries: own }));
    }
    return settled;
  });
  await store.put('curated', runKey(order.run, order.table, 'result'), JSON.stringify({ units }));
  return {};
}

/** Runs a check over the candidate's lists, which is all that Athena would see. */
async function offendingRows(store: FileStore, sql: string): Promise<number> {
  return withEngine(store, async (connection) => {
    await installMacros(connection);
    const lake = ['versions integer', 'is_repeat boolean'];
    const columnsOf = (plan: typeof rejectionsPlan) =>
      storedColumns(plan).map(({ name, type }) => `${name} ${queryType(type)}`);
    await listed(store, connection, 'processed_bookings', columnsOf(bookings));
    await listed(store, connection, 'rejected_bookings', columnsOf(rejectionsPlan));
    await listed(store, connection, 'bookings', [...columnsOf(bookings), ...lake]);
    await registerLedger(connection, ledgerOf(store), [], []);
    const reader = await connection.runAndReadAll(sql);
    return reader.currentRowCount;
  });
}

async function listed(store: FileStore, connection: DuckDBConnection, name: string, columns: readonly string[]) {
  const list = readFileSync(store.pathOf('curated', `${candidatePrefix(name)}files.txt`), 'utf8');
  const paths = list.split('\n').filter((line) => line !== '');
  const files = paths.map((path) => `'${path}'`).join(', ');
  await connection.run(
    paths.length === 0
      ? `create table ${name} (${columns.join(', ')})`
      : `create view ${name} as select * from read_parquet([${files}], hive_partitioning = false)`,
  );
}

function ledgerOf(store: FileStore): LedgerEntry[] {
  const path = store.pathOf('curated', `${candidatePrefix('ledger_entries')}bookings.json`);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}
