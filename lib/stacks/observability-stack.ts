import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { Dashboard, GraphWidget, type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { ZONES } from '../../core/ports.ts';
import { LakeAlarm } from '../constructs/lake-alarm.ts';
import { LakeBucket } from '../constructs/lake-bucket.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import type { Environment } from '../environments.ts';
import { type AnalyticsStack, WORK_GROUPS } from './analytics-stack.ts';
import type { IngestionStack } from './ingestion-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly ingestion: IngestionStack;
  readonly analytics: AnalyticsStack;
}

const GIB = 1024 ** 3;

/** What is seen of the lake: who touched an object, what waits, what failed, what it costs; and who is told. */
export class ObservabilityStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { environment, storage, ingestion, analytics, ...props }: ObservabilityStackProps,
  ) {
    super(scope, id, props);
    this.auditTrail(environment, storage);
    const topic = this.alertTopic(environment);
    const widgets: GraphWidget[] = [];
    const watch = (alarmId: string, heading: string, metric: IMetric, above: number) => {
      new LakeAlarm(this, alarmId, { heading, metric, above, topic });
      widgets.push(new GraphWidget({ title: heading, left: [metric], leftAnnotations: [{ value: above }] }));
    };
    const { messages, failed } = storage.rawObjects;
    const period = Duration.minutes(5);
    watch(
      'OldestRawObject',
      'Files wait to be converted',
      messages.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
      Duration.hours(2).toSeconds(),
    );
    watch(
      'FailedRawObjects',
      'Files could not be converted',
      failed.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      0,
    );
    watch(
      'ConvertErrors',
      'The convert function failed',
      ingestion.convert.metricErrors({ period, statistic: Stats.SUM }),
      0,
    );
    watch(
      'ConvertThrottles',
      'The convert function was held back',
      ingestion.convert.metricThrottles({ period: Duration.hours(1), statistic: Stats.SUM }),
      100,
    );
    for (const { dataset, stream, transform } of ingestion.streams) {
      watch(
        `${dataset}TransformErrors`,
        `The transform function of ${dataset} failed`,
        transform.metricErrors({ period, statistic: Stats.SUM }),
        0,
      );
      watch(`${dataset}StreamAge`, `Records of ${dataset} wait in the stream`, oldestRecord(stream.ref), 1800);
    }
    for (const name of WORK_GROUPS) {
      watch(
        `${name}Scan`,
        `Queries of ${name} scan too much`,
        scannedADay(analytics.workGroups[name]),
        environment.dailyScanAlarmGiB * GIB,
      );
    }
    new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(7), widgets: widgets.map((widget) => [widget]) });
    this.budget(environment);
  }

  /** Every read and write of an object in a zone, in files whose later change would show. */
  private auditTrail({ deletionProtection: retain, retention }: Environment, storage: StorageStack) {
    const key = new LakeKey(this, 'AuditKey', { description: 'Encrypts the audit trail.', retain });
    const trailArn = `arn:${this.partition}:cloudtrail:${this.region}:${this.account}:trail/*`;
    const encrypting = {
      StringEquals: { 'aws:SourceAccount': this.account },
      ArnLike: { 'aws:SourceArn': trailArn },
    };
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: encrypting,
      }),
    );
    const bucket = new LakeBucket(this, 'Audit', {
      key,
      accessLogs: storage.accessLogs,
      retain,
      oldVersionDays: retention.oldVersionDays,
      lifecycleRules: [{ id: 'audit', expiration: Duration.days(retention.auditDays) }],
    });
    const trail = new Trail(this, 'Trail', {
      bucket,
      encryptionKey: key,
      enableFileValidation: true,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: true,
    });
    trail.addS3EventSelector(ZONES.map((zone) => ({ bucket: storage.zones[zone].bucket })));
  }

  private alertTopic({ alertEmail, deletionProtection }: Environment): Topic {
    const masterKey = new LakeKey(this, 'AlertKey', { description: 'Encrypts alerts.', retain: deletionProtection });
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const topic = new Topic(this, 'Alerts', { masterKey, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    topic.addSubscription(new EmailSubscription(alertEmail));
    return topic;
  }

  private budget({ name, budgetUSD, alertEmail }: Environment) {
    if (budgetUSD === undefined) return;
    const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address: alertEmail }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `laketwin-${name}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budgetUSD, unit: 'USD' },
      },
      notificationsWithSubscribers: [above('ACTUAL', 80), above('ACTUAL', 100), above('FORECASTED', 100)],
    });
  }
}

function oldestRecord(stream: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName: 'DeliveryToS3.DataFreshness',
    dimensionsMap: { DeliveryStreamName: stream },
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
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
