import { readFileSync } from 'node:fs';
import type { Lake, Placed } from './lake.ts';
import { all, at, expectSome, expectValue, list, type Rule, unexpected } from './rule.ts';
import { isZone } from './storage-rules.ts';

const ALARM = 'AWS::CloudWatch::Alarm';
const TRAIL = 'AWS::CloudTrail::Trail';
const RUNBOOK = 'docs/runbook.md';
/** Kinds of resources that do work, which nobody sees fail without an alarm. */
const WORKING = [
  'AWS::Lambda::Function',
  'AWS::SQS::Queue',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Glue::Job',
  'AWS::StepFunctions::StateMachine',
  'AWS::Athena::WorkGroup',
];

export const watchRules: readonly Rule[] = [
  {
    id: 'watched',
    meaning: 'Every function, queue, stream, job, state machine and workgroup has an alarm.',
    types: WORKING,
    test: (resource, lake) =>
      alarmsOn(resource, lake).length > 0 ? undefined : `no alarm watches ${resource.place}, expected one`,
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
    id: 'alarm-can-ring',
    meaning:
      'No alarm on failures or on waiting takes missing data or a fall for trouble, nor a million for its threshold.',
    types: [ALARM],
    test: ({ properties }) => {
      const { ComparisonOperator: operator, Threshold: threshold, MetricName: metric } = properties;
      const isCount = /Errors|Failed|Throttle|ApproximateNumberOfMessages|Aborted|TimedOut/i.test(`${metric}`);
      return all(
        `${operator}`.startsWith('Greater') || /Free|Ratio|Health|Success|Freshness/i.test(`${metric}`)
          ? undefined
          : unexpected('ComparisonOperator', operator, 'greater than'),
        isCount && Number(threshold) > 1000 ? unexpected('Threshold', threshold, 'at most 1000 failures') : undefined,
      );
    },
  },
  {
    id: 'trail-on',
    meaning: 'The trail writes, in every region, files whose later change would show, with a key of the lake.',
    types: [TRAIL],
    test: ({ properties }, lake) =>
      all(
        expectValue(properties, 'IsLogging', true),
        expectValue(properties, 'EnableLogFileValidation', true),
        expectValue(properties, 'IsMultiRegionTrail', true),
        expectValue(properties, 'IncludeGlobalServiceEvents', true),
        lake.target(properties.KMSKeyId)?.type === 'AWS::KMS::Key'
          ? undefined
          : unexpected('KMSKeyId', properties.KMSKeyId, 'a key of the lake'),
      ),
  },
  {
    id: 'trail-sees-zones',
    meaning: 'Every read and write of an object of a zone is written down.',
    types: ['AWS::S3::Bucket'],
    test: (bucket, lake) =>
      !isZone(bucket) || lake.ofType(TRAIL).some((trail) => sees(trail, bucket))
        ? undefined
        : `no trail writes down who reads and writes ${bucket.place}, expected data events on all of its objects`,
  },
  {
    id: 'logs-kept',
    meaning: 'Every group of logs has a retention and a key of the lake.',
    types: ['AWS::Logs::LogGroup'],
    test: ({ properties }, lake) =>
      all(
        expectSome(properties, 'RetentionInDays', 'a number of days'),
        lake.target(properties.KmsKeyId)?.type === 'AWS::KMS::Key'
          ? undefined
          : unexpected('KmsKeyId', properties.KmsKeyId, 'a key of the lake'),
      ),
  },
  {
    id: 'budget-tells',
    meaning: 'Every budget tells somebody before it is spent, and when it is likely to be.',
    types: ['AWS::Budgets::Budget'],
    test: ({ properties }) => {
      const told = list(properties.NotificationsWithSubscribers).filter((it) => list(at(it, 'Subscribers')).length > 0);
      const has = (type: string) => told.some((it) => at(it, 'Notification.NotificationType') === type);
      const early = told.some((it) => Number(at(it, 'Notification.Threshold')) < 100);
      return all(
        Number(at(properties, 'Budget.BudgetLimit.Amount')) > 0
          ? undefined
          : 'BudgetLimit is missing, expected dollars',
        has('ACTUAL') && early
          ? undefined
          : 'nobody is told before the budget is spent, expected a threshold below 100',
        has('FORECASTED') ? undefined : 'nobody is told when the budget is likely to be spent, expected a forecast',
      );
    },
  },
];

function alarmsOn(resource: Placed, lake: Lake): Placed[] {
  return lake.ofType(ALARM).filter(({ properties }) => {
    const metrics = [properties, ...list(properties.Metrics).map((it) => at(it, 'MetricStat.Metric'))];
    const dimensions = metrics.flatMap((it) => list(at(it, 'Dimensions')));
    return dimensions.some((dimension) => lake.means(at(dimension, 'Value'), resource));
  });
}

/** Whether the trail selects reads and writes of all objects of the bucket. */
function sees({ properties }: Placed, bucket: Placed): boolean {
  const arn = `{{${bucket.stack.name}#${bucket.id}.Arn}}/`;
  const basic = list(properties.EventSelectors).some(
    (selector) =>
      ['All', undefined].includes(at(selector, 'ReadWriteType') as undefined) &&
      list(at(selector, 'DataResources')).some(
        (it) => at(it, 'Type') === 'AWS::S3::Object' && list(at(it, 'Values')).includes(arn),
      ),
  );
  const advanced = list(properties.AdvancedEventSelectors).some((selector) =>
    list(at(selector, 'FieldSelectors')).some((it) => list(at(it, 'StartsWith')).includes(arn)),
  );
  return basic || advanced;
}

function runbookHeadings(): string[] {
  const text = readFileSync(new URL(`../../../${RUNBOOK}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.trim());
}
