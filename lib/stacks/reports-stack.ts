import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { PeriodKind } from '../../core/dashboards/calendar-period.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { HeardTopic } from '../constructs/heard-topic.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import type { Environment, ReportDelivery } from '../environments.ts';
import { reportReads, reportRoles } from '../report-reads.ts';
import {
  askStatements,
  listStatement,
  locateStatement,
  readStatement,
  removeStatement,
  writeStatement,
} from '../statements.ts';
import type { AlertsStack } from './alerts-stack.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ReportsStackProps extends StackProps {
  readonly environment: Environment;
  readonly reports: ReportDelivery;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
  readonly alerts: AlertsStack;
}

/** The second of a month: what came late for its last day is then in the lake. In UTC. */
const ORDERS: Readonly<Record<PeriodKind, { readonly description: string; readonly schedule: Schedule }>> = {
  month: {
    description: 'Orders the reports of the month before.',
    schedule: Schedule.cron({ minute: '0', hour: '5', day: '2' }),
  },
  year: {
    description: 'Orders the reports of the year before.',
    schedule: Schedule.cron({ minute: '0', hour: '6', day: '2', month: '1' }),
  },
};

/** What marketing and the direction receive each month and each year, and the topics on which they are told of it. */
export class ReportsStack extends Stack {
  readonly report: LakeFunction;
  /** Orders that could not be given to the function. */
  readonly unordered: DeadLetterQueue;
  readonly #props: ReportsStackProps;
  /** By role. */
  readonly #topics: ReadonlyMap<string, Topic>;

  constructor(scope: Construct, id: string, props: ReportsStackProps) {
    const { environment, reports: _, storage, catalog, analytics, alerts, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#props = props;
    this.#topics = new Map([...new Set(reportRoles().map(({ role }) => role))].map((role) => [role, this.topic(role)]));
    this.report = this.reporter();
    new CfnOutput(this, 'ReportFunction', { description: 'Makes a report.', value: this.report.functionName });
    this.unordered = new DeadLetterQueue(this, 'Unordered', {
      key: alerts.key,
      retain: environment.deletionProtection,
    });
    for (const [kind, order] of Object.entries(ORDERS)) {
      new Rule(this, kind, {
        ...order,
        targets: reportRoles().map(({ dataset, role }) => {
          const event = RuleTargetInput.fromObject({ dataset, role, kind, at: EventField.time });
          return new LambdaFunction(this.report, { event, retryAttempts: 3, deadLetterQueue: this.unordered });
        }),
      });
    }
  }

  private topic(role: string): Topic {
    const { reports, alerts } = this.#props;
    const receivers: Readonly<Record<string, string>> = reports.receivers;
    const email = receivers[role];
    if (email === undefined)
      throw new Error(`nobody receives the reports of '${role}', expected an address in reports.receivers`);
    const topic = new HeardTopic(this, role, { key: alerts.key, email, displayName: 'Laketwin' });
    new CfnOutput(this, `${role}TopicArn`, { description: `Told of the reports of ${role}.`, value: topic.topicArn });
    return topic;
  }

  private reporter(): LakeFunction {
    const { environment, storage, catalog, analytics, alerts } = this.#props;
    const { queryResults, zones } = storage;
    const { raw, processed, curated, rejected } = zones;
    const reads = reportReads(catalog);
    const folders = reportRoles().map(({ folder }) => folder);
    const topics = [...this.#topics];
    return new LakeFunction(this, 'Report', {
      environment,
      description: 'Makes the reports of a month or a year, and tells those who wait for them.',
      name: 'report',
      key: alerts.key,
      memoryMiB: 512,
      timeout: Duration.minutes(15),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
        REPORTS_BUCKET: queryResults.bucket.bucketName,
        DATABASE: catalog.databaseName,
        WORK_GROUP: analytics.workGroups.dashboards,
        ...Object.fromEntries(topics.map(([role, { topicArn }]) => [`TOPIC_${role.toUpperCase()}`, topicArn])),
      },
      statements: [
        ...askStatements(this, {
          workGroup: analytics.workGroups.dashboards,
          database: catalog.databaseName,
          relations: reads.relations,
        }),
        locateStatement([curated, queryResults]),
        listStatement(curated, reads.prefixes.curated),
        ...readStatement(curated, reads.prefixes.curated),
        listStatement(queryResults, ['dashboards', ...folders]),
        ...readStatement(queryResults, ['dashboards', ...folders]),
        ...writeStatement(queryResults, ['dashboards', ...folders]),
        removeStatement(queryResults, folders),
        new PolicyStatement({ actions: ['sns:Publish'], resources: topics.map(([, { topicArn }]) => topicArn) }),
        new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [alerts.key.keyArn] }),
      ],
    });
  }
}
