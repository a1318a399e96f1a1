/** What is watched of a lake, as a table: each line is an alarm, a graph, and a heading of `docs/runbook.md`. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { WORK_GROUPS } from './athena-names.ts';
import type { ObjectQueue } from './constructs/object-queue.ts';
import type { Environment } from './environments.ts';
import type { AlertsStack } from './stacks/alerts-stack.ts';
import type { AnalyticsStack } from './stacks/analytics-stack.ts';
import type { CatalogStack } from './stacks/catalog-stack.ts';
import type { IngestionStack } from './stacks/ingestion-stack.ts';
import type { LearningStack } from './stacks/learning-stack.ts';
import type { ProcessingStack } from './stacks/processing-stack.ts';
import type { ReportsStack } from './stacks/reports-stack.ts';
import type { StorageStack } from './stacks/storage-stack.ts';

export interface Watch {
  readonly id: string;
  /** In `docs/runbook.md`. */
  readonly heading: string;
  readonly metric: IMetric;
  /** The alarm is raised above this value. */
  readonly above: number;
}

export interface Watched {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly ingestion: IngestionStack;
  readonly processing: ProcessingStack;
  readonly learning: LearningStack;
  readonly analytics: AnalyticsStack;
  readonly alerts: AlertsStack;
  /** Undefined where the environment has no reports. */
  readonly reports: ReportsStack | undefined;
}

const GIB = 1024 ** 3;
const PERIOD = Duration.minutes(5);
/** Percent of rows refused in an hour. */
const REJECTED_SHARE = 2;
/** Fewer rows than these tell nothing about a share. */
const LEAST_ROWS = 100;

export function watches(lake: Watched): Watch[] {
  const { storage, catalog, ingestion, processing, learning, analytics, alerts, reports, environment } = lake;
  return [
    ...queueWatches('RawObject', 'be converted', storage.rawObjects),
    ...(storage.deliveredFiles ? queueWatches('DeliveredFile', 'be entered', storage.deliveredFiles) : []),
    functionErrors('Convert', 'convert', ingestion.convert),
    functionErrors('Reprocess', 'reprocess', ingestion.reprocess),
    functionErrors('TakeLarge', 'take-large', ingestion.takeLarge),
    {
      id: 'ConvertThrottles',
      heading: 'The convert function was held back',
      metric: ingestion.convert.metricThrottles({ period: Duration.hours(1), statistic: Stats.SUM }),
      above: 100,
    },
    ...(ingestion.register ? [functionErrors('Register', 'register', ingestion.register)] : []),
    ...ingestion.streams.flatMap(({ dataset, stream, transform, scores }) => [
      functionErrors(`${dataset}Transform`, `transform of ${dataset}`, transform),
      {
        id: `${dataset}StreamAge`,
        heading: `Records of ${dataset} wait in the stream`,
        metric: firehose(stream.ref, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
        above: 1800,
      },
      ...(scores ? [unscoredRows(dataset, ingestion.metricNamespace)] : []),
    ]),
    {
      id: 'RejectedShare',
      heading: 'Too many rows are refused',
      metric: rejectedShare(ingestion.metricNamespace),
      above: REJECTED_SHARE,
    },
    functionErrors('Compare', 'compare', catalog.compare),
    undelivered('Uncompared', 'The end of a crawl could not be told', catalog.uncompared),
    {
      id: 'Drift',
      heading: 'What lies in the lake is not what the contracts say',
      metric: new Metric({
        namespace: catalog.metricNamespace,
        metricName: 'DriftedTables',
        statistic: Stats.MAXIMUM,
        period: Duration.days(1),
      }),
      above: 0,
    },
    ...processing.curations.flatMap(({ dataset, machineArn, jobName, convertJobName, unstarted, functions }) => [
      ...Object.entries(functions).map(([step, fn]) =>
        functionErrors(`${dataset}-${step}`, `${step} of ${dataset}`, fn),
      ),
      ...machineWatches(dataset, `The curation of ${dataset}`, { machineArn, unstarted }),
      failedTasks(`${dataset}FailedTasks`, `The Spark job of ${dataset} failed`, jobName),
      failedTasks(`${dataset}FailedConversions`, `The Spark job for large files of ${dataset} failed`, convertJobName),
    ]),
    functionErrors('Prepare', 'prepare', learning.functions.prepare),
    functionErrors('Judge', 'judge', learning.functions.judge),
    functionErrors('Score', 'score', learning.functions.score),
    functionErrors('PublishModel', 'publish of models', learning.functions.publish),
    ...machineWatches('Learning', 'The renewal of the model', learning.machine),
    ...feedbackWatches(learning.feedback),
    ...(learning.guard
      ? [
          functionErrors('Guard', 'guard', learning.guard.guard),
          undelivered('Unguarded', 'The guard could not be called', learning.guard.unguarded),
        ]
      : []),
    functionErrors('Evaluate', 'evaluate', alerts.evaluation.evaluate),
    undelivered('Unevaluated', 'The alerts could not be evaluated', alerts.evaluation.unevaluated),
    ...(alerts.chat
      ? [
          functionErrors('Notify', 'notify', alerts.chat.notify),
          undelivered('Unsent', 'Messages could not be sent to the chat', alerts.chat.unsent),
        ]
      : []),
    ...(reports
      ? [
          functionErrors('Report', 'report', reports.report),
          undelivered('Unordered', 'The reports could not be ordered', reports.unordered),
        ]
      : []),
    ...WORK_GROUPS.map((name) => ({
      id: `${name}Scan`,
      heading: `Queries of ${name} scan too much`,
      metric: scannedADay(analytics.workGroups[name]),
      above: environment.dailyScanAlarmGiB * GIB,
    })),
  ];
}

const ENDED: Readonly<Record<string, string>> = {
  ExecutionsFailed: 'failed',
  ExecutionsTimedOut: 'took too long',
  ExecutionsAborted: 'was stopped',
};

function machineWatches(
  id: string,
  what: string,
  { machineArn, unstarted }: { readonly machineArn: string; readonly unstarted: IQueue },
): Watch[] {
  return [
    undelivered(`${id}Unstarted`, `${what} could not be started`, unstarted),
    ...Object.entries(ENDED).map(([metricName, ended]) => ({
      id: `${id}${metricName}`,
      heading: `${what} ${ended}`,
      metric: new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: machineArn },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
      above: 0,
    })),
  ];
}

function feedbackWatches({ uncalled, metricNamespace: namespace }: LearningStack['feedback']): Watch[] {
  return [
    undelivered('Uncalled', 'The day could not be scored', uncalled),
    {
      id: 'ModelDrift',
      heading: 'The model no longer fits what comes in',
      metric: new Metric({ namespace, metricName: 'ModelAlarms', statistic: Stats.MAXIMUM, period: Duration.days(1) }),
      above: 0,
    },
  ];
}

function unscoredRows(dataset: string, namespace: string): Watch {
  return {
    id: `${dataset}Unscored`,
    heading: `Rows of ${dataset} pass unscored`,
    metric: new Metric({ namespace, metricName: 'UnscoredRows', statistic: Stats.SUM, period: PERIOD }),
    above: 0,
  };
}

function queueWatches(id: string, what: string, { messages, failed }: ObjectQueue): Watch[] {
  return [
    {
      id: `Oldest${id}`,
      heading: `Files wait to ${what}`,
      metric: messages.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      above: Duration.hours(2).toSeconds(),
    },
    undelivered(`Failed${id}s`, `Files could not ${what}`, failed),
  ];
}

function undelivered(id: string, heading: string, queue: IQueue): Watch {
  const metric = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
  return { id, heading, metric, above: 0 };
}

function functionErrors(id: string, name: string, fn: IFunction): Watch {
  return {
    id: `${id}Errors`,
    heading: `The function ${name} failed`,
    metric: fn.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
    above: 0,
  };
}

function failedTasks(id: string, heading: string, job: string): Watch {
  const metric = new Metric({
    namespace: 'Glue',
    metricName: 'glue.driver.aggregate.numFailedTasks',
    dimensionsMap: { JobName: job, JobRunId: 'ALL', Type: 'count' },
    statistic: Stats.SUM,
    period: PERIOD,
  });
  return { id, heading, metric, above: 0 };
}

function rejectedShare(namespace: string): MathExpression {
  const rows = (metricName: string) =>
    new Metric({ namespace, metricName, statistic: Stats.SUM, period: Duration.hours(1) });
  return new MathExpression({
    expression: `IF(rowsIn >= ${LEAST_ROWS}, 100 * rejected / rowsIn, 0)`,
    usingMetrics: { rowsIn: rows('RowsIn'), rejected: rows('RowsRejected') },
    period: Duration.hours(1),
    label: 'Rejected rows [%]',
  });
}

function firehose(stream: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    dimensionsMap: { DeliveryStreamName: stream },
    statistic,
    period: PERIOD,
  });
}

function scannedADay(workGroup: string): Metric {
  return new Metric({
    namespace: 'AWS/Athena',
    metricName: 'ProcessedBytes',
    dimensionsMap: { WorkGroup: workGroup, QueryState: 'SUCCEEDED', QueryType: 'DML' },
    statistic: Stats.SUM,
    period: Duration.days(1),
  });
}
