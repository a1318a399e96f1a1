import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alertsPrefix } from '../../core/alerts/keys.ts';
import { alertSets } from '../../datasets/alerts.ts';
import { alertReads } from '../alert-reads.ts';
import type { Environment } from '../environments.ts';
import type { AnalyticsStack } from '../stacks/analytics-stack.ts';
import type { CatalogStack } from '../stacks/catalog-stack.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import {
  askStatements,
  findStatement,
  listStatement,
  locateStatement,
  readStatement,
  writeStatement,
} from '../statements.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LakeFunction } from './lake-function.ts';
import type { LakeKey } from './lake-key.ts';

export interface AlertEvaluationProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
  readonly topic: ITopic;
  /** Encrypts the topic, the function and what it could not be told. */
  readonly key: LakeKey;
}

/** Asks Athena by the clock whether an alert is to be raised or cleared. */
export class AlertEvaluation extends Construct {
  readonly evaluate: LakeFunction;
  /** Times at which the function could not be called. */
  readonly unevaluated: DeadLetterQueue;
  readonly #props: AlertEvaluationProps;

  constructor(scope: Construct, id: string, props: AlertEvaluationProps) {
    super(scope, id);
    this.#props = props;
    const { environment, key } = props;
    this.evaluate = this.evaluator();
    this.unevaluated = new DeadLetterQueue(this, 'Unevaluated', { key, retain: environment.deletionProtection });
    new Rule(this, 'Timetable', {
      description: 'Evaluates the alerts.',
      // What comes in files is seen soon enough every quarter of an hour.
      schedule: Schedule.rate(Duration.minutes(environment.streaming ? 5 : 15)),
      targets: [new LambdaFunction(this.evaluate, { retryAttempts: 3, deadLetterQueue: this.unevaluated })],
    });
  }

  private evaluator(): LakeFunction {
    const { environment, storage, catalog, analytics, topic, key } = this.#props;
    const { raw, processed, curated, rejected } = storage.zones;
    const states = alertSets.map(({ dataset }) => alertsPrefix(dataset).replace(/\/$/, ''));
    const reads = alertReads(catalog);
    return new LakeFunction(this, 'Evaluate', {
      environment,
      description: 'Asks Athena whether an alert is to be raised or cleared, and tells the topic.',
      name: 'evaluate-alerts',
      key,
      memoryMiB: 256,
      timeout: Duration.minutes(4),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
        DATABASE: catalog.databaseName,
        WORK_GROUP: analytics.workGroups.pipelines,
        TOPIC_ARN: topic.topicArn,
        RELATIONS: reads.relations.join(','),
      },
      statements: [
        ...askStatements(this, {
          workGroup: analytics.workGroups.pipelines,
          database: catalog.databaseName,
          relations: reads.relations,
        }),
        locateStatement([processed, rejected, curated, storage.queryResults]),
        findStatement([curated]),
        ...(['processed', 'rejected', 'curated'] as const).flatMap((zone) => [
          listStatement(storage.zones[zone], reads.prefixes[zone]),
          ...readStatement(storage.zones[zone], [...reads.prefixes[zone], ...(zone === 'curated' ? states : [])]),
        ]),
        ...writeStatement(curated, states),
        listStatement(storage.queryResults, ['pipelines']),
        ...readStatement(storage.queryResults, ['pipelines']),
        ...writeStatement(storage.queryResults, ['pipelines']),
        new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
        new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
  }
}
