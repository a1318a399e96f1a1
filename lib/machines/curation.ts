import type { RunOutcome } from '../../core/lake/run-records.ts';
import { largeObjectStates } from './large-objects.ts';
import { IS_DEMANDED, reprocessStates } from './reprocess.ts';

/**
 * The machine that brings the curated tables of a dataset up to its ledger, in the Amazon States Language (JSONPath,
 * which a local interpreter runs as well): take in what is too large for the convert function → plan → settle with
 * Spark → stage → check → publish → refresh. Started with a backfill or a replay, it does that first. Whatever goes wrong
 * ends in an alert, and what was published before stays. Each execution leaves a record.
 */
export interface CurationParts {
  readonly dataset: string;
  readonly machineArn: string;
  /** ARNs of the functions. */
  readonly planFunction: string;
  readonly stageFunction: string;
  readonly publishFunction: string;
  readonly reprocessFunction: string;
  readonly takeLargeFunction: string;
  readonly recordFunction: string;
  readonly convertJob: string;
  readonly curateJob: string;
  readonly workGroup: string;
  /** Where the checks find what is to be published. */
  readonly candidateDatabase: string;
  readonly topicArn: string;
  readonly checks: readonly MachineCheck[];
  /** Ids of QuickSight data sets to be refreshed; none where dashboards are off. */
  readonly dataSets: readonly string[];
  readonly account: string;
}

/** A query that returns the rows that break a promise. */
export interface MachineCheck {
  readonly name: string;
  readonly level: 'error' | 'warning';
  readonly sql: string;
}

/** Waits 5, 10 and 20 seconds. */
const RETRY = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL' },
];
/** Of a job, which takes a minute to start. */
const JOB_RETRY = [{ ...RETRY[0], IntervalSeconds: 60 }];
/** A check that was broken is broken the next time as well. */
const RETRY_BUT_CHECKS = [{ ErrorEquals: ['ChecksFailed'], MaxAttempts: 0 }, ...RETRY];
const ALERT = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Alert' }];
const ANOTHER_RUNS = { Variable: '$.others.running', NumericGreaterThan: 1 };
/** Most queries at a time: Athena runs twenty and queues the rest. */
const CHECKS_AT_A_TIME = 4;

export function curationMachine(parts: CurationParts): object {
  return {
    Comment: `Brings the curated tables of ${parts.dataset} up to its ledger.`,
    StartAt: 'Look for another run',
    TimeoutSeconds: 4 * 60 * 60,
    States: { ...begin(parts), ...settle(parts), ...check(parts), ...publish(parts), ...end(parts) },
  };
}

function begin(parts: CurationParts) {
  const { dataset, machineArn, planFunction, reprocessFunction, takeLargeFunction, convertJob, topicArn } = parts;
  const common = { retry: RETRY, alert: ALERT };
  return {
    'Look for another run': {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sfn:listExecutions',
      Parameters: { StateMachineArn: machineArn, StatusFilter: 'RUNNING', MaxResults: 2 },
      ResultSelector: { 'running.$': 'States.ArrayLength($.Executions)' },
      ResultPath: '$.others',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Is another run at it',
    },
    'Is another run at it': {
      Type: 'Choice',
      Choices: [
        { And: [ANOTHER_RUNS, { Or: IS_DEMANDED }], Next: 'Refuse' },
        { ...ANOTHER_RUNS, Next: 'Leave it to the other' },
      ],
      Default: 'What is demanded',
    },
    'Leave it to the other': outcomeOfRun('left to another run'),
    // What the timetable starts comes again by itself, what a person demands does not.
    Refuse: {
      Type: 'Pass',
      Result: { Error: 'AnotherRun', Cause: 'another run is at work: start this one again when that one has ended.' },
      ResultPath: '$.error',
      Next: 'Alert',
    },
    ...reprocessStates({
      ...common,
      call: (payload) => invoke(reprocessFunction, { dataset, ...payload }),
      next: 'List large objects',
    }),
    ...largeObjectStates({
      ...common,
      dataset,
      call: (payload) => invoke(takeLargeFunction, { dataset, ...payload }),
      convertJob,
      topicArn,
      jobRetry: JOB_RETRY,
      next: 'Plan',
    }),
    Plan: {
      ...invoke(planFunction, { 'run.$': '$$.Execution.Name' }),
      ResultPath: '$.plan',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Is there anything new',
    },
    'Is there anything new': {
      Type: 'Choice',
      Choices: [{ Variable: '$.plan.tables[0]', IsPresent: true, Next: 'Settle tables' }],
      Default: 'Nothing new',
    },
    'Nothing new': outcomeOfRun('nothing new'),
  };
}

function settle({ curateJob, stageFunction }: CurationParts) {
  return {
    'Settle tables': {
      Type: 'Map',
      ItemsPath: '$.plan.tables',
      ItemSelector: {
        'run.$': '$.plan.run',
        'table.$': '$$.Map.Item.Value.table',
        'order.$': '$$.Map.Item.Value.order',
      },
      // The job runs once at a time.
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Settle',
        States: {
          Settle: {
            Type: 'Task',
            Resource: 'arn:aws:states:::glue:startJobRun.sync',
            Parameters: { JobName: curateJob, Arguments: { '--order.$': '$.order' } },
            ResultPath: null,
            TimeoutSeconds: 2 * 60 * 60,
            Retry: JOB_RETRY,
            Next: 'Stage',
          },
          Stage: {
            ...invoke(stageFunction, { 'run.$': '$.run', 'table.$': '$.table' }),
            Retry: RETRY,
            End: true,
          },
        },
      },
      ResultPath: '$.staged',
      Catch: ALERT,
      Next: 'List checks',
    },
  };
}

function check({ checks, workGroup, candidateDatabase }: CurationParts) {
  return {
    'List checks': { Type: 'Pass', Result: checks, ResultPath: '$.checks', Next: 'Check' },
    Check: {
      Type: 'Map',
      ItemsPath: '$.checks',
      MaxConcurrency: CHECKS_AT_A_TIME,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Ask',
        States: {
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
            Parameters: {
              'QueryString.$': '$.sql',
              WorkGroup: workGroup,
              QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: candidateDatabase },
            },
            ResultSelector: { 'id.$': '$.QueryExecution.QueryExecutionId' },
            ResultPath: '$.query',
            TimeoutSeconds: 30 * 60,
            Retry: RETRY,
            Next: 'Count',
          },
          Count: {
            Type: 'Task',
            Resource: 'arn:aws:states:::athena:getQueryResults',
            // The first row is the header.
            Parameters: { 'QueryExecutionId.$': '$.query.id', MaxResults: 2 },
            ResultSelector: { 'rows.$': 'States.ArrayLength($.ResultSet.Rows)' },
            ResultPath: '$.found',
            Retry: RETRY,
            Next: 'Is it kept',
          },
          'Is it kept': {
            Type: 'Choice',
            Choices: [{ Variable: '$.found.rows', NumericGreaterThan: 1, Next: 'Broken' }],
            Default: 'Kept',
          },
          Broken: outcome(false),
          Kept: outcome(true),
        },
      },
      ResultPath: '$.outcomes',
      Catch: ALERT,
      Next: 'Publish',
    },
  };
}

function outcome(isKept: boolean) {
  return { Type: 'Pass', Parameters: { 'name.$': '$.name', 'level.$': '$.level', isKept }, End: true };
}

function publish({ publishFunction, dataSets }: CurationParts) {
  return {
    Publish: {
      ...invoke(publishFunction, {
        'run.$': '$.plan.run',
        'tables.$': '$.plan.tables',
        'checks.$': '$.outcomes',
        'dataset.$': '$.plan.dataset',
        'input.$': '$$.Execution.Input',
      }),
      ResultPath: '$.published',
      Retry: RETRY_BUT_CHECKS,
      Catch: ALERT,
      Next: dataSets.length === 0 ? 'Published' : 'List data sets',
    },
  };
}

function end({ dataset, dataSets, account, topicArn, recordFunction }: CurationParts) {
  const record = (outcome: object) => ({
    ...invoke(recordFunction, {
      'run.$': '$$.Execution.Name',
      'startedAt.$': '$$.Execution.StartTime',
      'input.$': '$$.Execution.Input',
      'state.$': '$',
      ...outcome,
    }),
    ResultPath: null,
    Retry: RETRY,
  });
  return {
    ...(dataSets.length > 0 && refresh(dataSets, account)),
    Published: outcomeOfRun('published'),
    Record: { ...record({ 'outcome.$': '$.outcome' }), Catch: ALERT, Next: 'Done' },
    Done: { Type: 'Succeed' },
    Alert: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: {
        TopicArn: topicArn,
        Subject: `Laketwin: ${dataset} was not published`,
        'Message.$': `States.Format('The run {} of ${dataset} stopped: {} {} What was published before stays.', $$.Execution.Name, $.error.Error, $.error.Cause)`,
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Record failure' }],
      Next: 'Record failure',
    },
    'Record failure': {
      ...record({ outcome: 'failed' }),
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Failed' }],
      Next: 'Failed',
    },
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}

function outcomeOfRun(outcome: RunOutcome) {
  return { Type: 'Pass', Result: outcome, ResultPath: '$.outcome', Next: 'Record' };
}

function refresh(dataSets: readonly string[], account: string) {
  return {
    'List data sets': { Type: 'Pass', Result: dataSets, ResultPath: '$.dataSets', Next: 'Refresh' },
    Refresh: {
      Type: 'Map',
      ItemsPath: '$.dataSets',
      ItemSelector: { 'dataSet.$': '$$.Map.Item.Value', 'run.$': '$.plan.run' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Refresh data set',
        States: {
          'Refresh data set': {
            Type: 'Task',
            Resource: 'arn:aws:states:::aws-sdk:quicksight:createIngestion',
            Parameters: { AwsAccountId: account, 'DataSetId.$': '$.dataSet', 'IngestionId.$': '$.run' },
            Retry: RETRY,
            End: true,
          },
        },
      },
      ResultPath: null,
      Catch: ALERT,
      Next: 'Published',
    },
  };
}

function invoke(functionArn: string, payload: object) {
  return {
    Type: 'Task',
    // The function itself as the resource: its answer is the result, without an envelope.
    Resource: functionArn,
    Parameters: payload,
    TimeoutSeconds: 15 * 60,
  };
}
