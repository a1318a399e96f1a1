import { readFileSync } from 'node:fs';
import type { Lake, Placed } from '../lake.ts';
import { all, at, list, type Rule, unexpected } from './rule.ts';

const ALARM = 'AWS::CloudWatch::Alarm';
const FILTER = 'AWS::Logs::MetricFilter';
const RUNBOOK = 'docs/runbook.md';
const DAY_SECONDS = 24 * 3600;

/** What AWS measures of the kinds of resources that do work, which nobody sees fail without an alarm. */
interface Measured {
  readonly namespace: string;
  /** Dimension that names the resource. */
  readonly by: string;
  /** Metrics that must have an alarm each; where several stand together, one of them. */
  readonly vital: readonly string[];
  readonly others: readonly string[];
  /** Dimensions that have a few values. */
  readonly fixed?: Readonly<Record<string, readonly string[]>>;
}

const MEASURED: Readonly<Record<string, Measured>> = {
  'AWS::Lambda::Function': {
    namespace: 'AWS/Lambda',
    by: 'FunctionName',
    vital: ['Errors'],
    others: ['Throttles', 'Duration', 'Invocations', 'ConcurrentExecutions', 'AsyncEventsDropped', 'DeadLetterErrors'],
  },
  'AWS::SQS::Queue': {
    namespace: 'AWS/SQS',
    by: 'QueueName',
    vital: ['ApproximateAgeOfOldestMessage or ApproximateNumberOfMessagesVisible'],
    others: ['ApproximateNumberOfMessagesNotVisible', 'NumberOfMessagesSent', 'NumberOfMessagesDeleted'],
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    namespace: 'AWS/Firehose',
    by: 'DeliveryStreamName',
    vital: ['DeliveryToS3.DataFreshness'],
    others: ['DeliveryToS3.Success', 'ThrottledRecords', 'FailedConversion.Records', 'SucceedProcessing.Records'],
  },
  'AWS::Glue::Job': {
    namespace: 'Glue',
    by: 'JobName',
    vital: ['glue.driver.aggregate.numFailedTasks or glue.error.ALL'],
    others: ['glue.driver.aggregate.elapsedTime', 'glue.ALL.jvm.heap.usage'],
  },
  'AWS::StepFunctions::StateMachine': {
    namespace: 'AWS/States',
    by: 'StateMachineArn',
    vital: ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'],
    others: ['ExecutionThrottled', 'ExecutionTime', 'ExecutionsSucceeded'],
  },
  'AWS::Athena::WorkGroup': {
    namespace: 'AWS/Athena',
    by: 'WorkGroup',
    vital: ['ProcessedBytes'],
    others: ['TotalExecutionTime', 'QueryQueueTime', 'EngineExecutionTime', 'QueryPlanningTime'],
    fixed: { QueryState: ['SUCCEEDED', 'FAILED', 'CANCELED'], QueryType: ['DML', 'DDL', 'UTILITY'] },
  },
};

/** Namespaces of AWS that are not about one resource of those. */
const UNMEASURED = ['AWS/Scheduler', 'AWS/Events', 'AWS/SNS', 'AWS/S3', 'AWS/KMS', 'AWS/SageMaker', 'AWS/QuickSight'];

export const alarmRules: readonly Rule[] = [
  {
    id: 'watched',
    meaning: 'Every function, queue, stream, job, state machine and workgroup has an alarm on what tells of trouble.',
    types: Object.keys(MEASURED),
    test: (resource, lake) => {
      if (isToldOf(resource, lake)) return undefined;
      const names = metricsOn(resource, lake).map((it) => `${it.MetricName}`);
      return (MEASURED[resource.type]?.vital ?? [])
        .filter((vital) => !vital.split(' or ').some((name) => names.includes(name)))
        .map((vital) => `no alarm on ${vital} of ${resource.place}, expected one`);
    },
  },
  {
    id: 'alarm-metric',
    meaning:
      'Every alarm watches a metric that AWS sends of a resource of the lake, or one that the lake reads in its logs.',
    types: [ALARM],
    test: (alarm, lake) => metricsOf(alarm).flatMap((metric) => metricProblems(metric, lake)),
  },
  {
    id: 'filter-watched',
    meaning: 'What the lake counts in its logs has an alarm.',
    types: [FILTER],
    test: ({ properties }, lake) =>
      list(properties.MetricTransformations)
        .filter(
          (sent) =>
            !lake
              .ofType(ALARM)
              .flatMap(metricsOf)
              .some((it) => isSame(sent, it)),
        )
        .map((sent) => `no alarm on ${at(sent, 'MetricNamespace')} ${at(sent, 'MetricName')}, expected one`),
  },
  {
    id: 'alarm-tells',
    meaning: 'Every alarm is on and tells a topic of the lake.',
    types: [ALARM],
    test: ({ properties }, lake) =>
      all(
        list(properties.AlarmActions).some((it) => lake.target(it)?.type === 'AWS::SNS::Topic')
          ? undefined
          : unexpected('AlarmActions', properties.AlarmActions, 'a topic of the lake'),
        properties.ActionsEnabled === false ? 'ActionsEnabled is false, expected true' : undefined,
      ),
  },
  {
    id: 'alarm-runbook',
    meaning: 'Every alarm names a heading of the runbook, which says what to do.',
    types: [ALARM],
    test: ({ properties: { AlarmDescription: found } }) => {
      const heading = `${found ?? ''}`.split(`${RUNBOOK}: `)[1];
      return heading !== undefined && runbookHeadings().includes(heading)
        ? undefined
        : unexpected('AlarmDescription', found, `'${RUNBOOK}: ' and a heading of it`);
    },
  },
  {
    id: 'alarm-in-time',
    meaning: 'Every alarm rises within a day, above a threshold that trouble reaches.',
    types: [ALARM],
    test: ({ properties }) => {
      const { ComparisonOperator: operator, Threshold: threshold, MetricName: metric } = properties;
      const periods = [properties, ...list(properties.Metrics).map((it) => at(it, 'MetricStat'))];
      const period = Math.max(...periods.map((it) => Number(at(it, 'Period') ?? 0)));
      const seconds = Number(properties.EvaluationPeriods) * period;
      const isCount = /Errors|Failed|Throttle|ApproximateNumberOfMessages|Aborted|TimedOut/i.test(`${metric}`);
      return all(
        `${operator}`.startsWith('Greater') || /Success|Succeeded/i.test(`${metric}`)
          ? undefined
          : unexpected('ComparisonOperator', operator, 'greater than'),
        isCount && Number(threshold) > 1000 ? unexpected('Threshold', threshold, 'at most 1000 failures') : undefined,
        seconds > DAY_SECONDS ? `it rises after ${seconds} seconds, expected a day at most` : undefined,
      );
    },
  },
];

type Metric = Readonly<Record<string, unknown>>;

/** The metric of an alarm, or those that it computes with. */
function metricsOf({ properties }: Placed): Metric[] {
  const computed = list(properties.Metrics).map((it) => at(it, 'MetricStat.Metric'));
  return [properties, ...computed].filter((it) => at(it, 'MetricName') !== undefined) as Metric[];
}

function metricsOn(resource: Placed, lake: Lake): Metric[] {
  const { by } = MEASURED[resource.type] ?? {};
  return lake
    .ofType(ALARM)
    .flatMap(metricsOf)
    .filter((it) => lake.means(dimension(it, by), resource));
}

function dimension(metric: Metric, name: string | undefined): unknown {
  return at(
    list(metric.Dimensions).find((it) => at(it, 'Name') === name),
    'Value',
  );
}

/** Whether a rule on events that name the resource tells a topic: what Glue itself says of a job that failed. */
function isToldOf(resource: Placed, lake: Lake): boolean {
  return lake.ofType('AWS::Events::Rule').some(({ properties }) => {
    const named = JSON.stringify(properties.EventPattern ?? '');
    const isNamed = lake.target(named) === resource || named.includes(`"${resource.properties.Name}"`);
    return isNamed && list(properties.Targets).some((it) => lake.target(at(it, 'Arn'))?.type === 'AWS::SNS::Topic');
  });
}

function metricProblems(metric: Metric, lake: Lake): string[] {
  const [type, measured] = Object.entries(MEASURED).find(([, it]) => it.namespace === metric.Namespace) ?? [];
  if (type === undefined || measured === undefined)
    return UNMEASURED.includes(`${metric.Namespace}`) || isSent(metric, lake)
      ? []
      : [
          unexpected(
            'MetricName',
            metric.MetricName,
            `one that a metric filter of the lake sends to ${metric.Namespace}`,
          ),
        ];
  const named = dimension(metric, measured.by);
  return all(
    [...measured.vital.flatMap((it) => it.split(' or ')), ...measured.others].includes(`${metric.MetricName}`)
      ? undefined
      : unexpected('MetricName', metric.MetricName, `one that ${measured.namespace} sends`),
    lake.ofType(type).some((it) => lake.means(named, it))
      ? undefined
      : unexpected(`dimension ${measured.by}`, named, 'a resource of the lake'),
    ...Object.entries(measured.fixed ?? {}).map(([name, values]) => {
      const value = dimension(metric, name);
      return values.includes(`${value}`) ? undefined : unexpected(`dimension ${name}`, value, values.join(', '));
    }),
  );
}

/** Whether a filter over the logs of the lake sends the metric. */
function isSent(metric: Metric, lake: Lake): boolean {
  return lake
    .ofType(FILTER)
    .filter(({ properties }) => lake.target(properties.LogGroupName)?.type === 'AWS::Logs::LogGroup')
    .some(({ properties }) => list(properties.MetricTransformations).some((sent) => isSame(sent, metric)));
}

function isSame(sent: unknown, { Namespace: namespace, MetricName: name }: Metric): boolean {
  return at(sent, 'MetricNamespace') === namespace && at(sent, 'MetricName') === name;
}

function runbookHeadings(): string[] {
  const text = readFileSync(new URL(`../../../${RUNBOOK}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.trim());
}
