import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { bookingScores, MODEL_TABLES } from '../../core/model/score-tables.ts';
import type { Environment } from '../environments.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { findStatement, readStatement, writeStatement } from '../statements.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LakeFunction } from './lake-function.ts';

export interface ScoreFeedbackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  /** Encrypts the function, its log and what could not be told to it. */
  readonly key: IKey;
  readonly dataset: string;
}

/** Each day: scores what the champion has not scored, and judges it by the outcomes that came since. */
export class ScoreFeedback extends Construct {
  readonly score: LakeFunction;
  /** Days on which the function could not be called. */
  readonly uncalled: IQueue;
  /** Of the metric `ModelAlarms`, read from the log of the function. */
  readonly metricNamespace: string;

  constructor(scope: Construct, id: string, { environment, storage, key, dataset }: ScoreFeedbackProps) {
    super(scope, id);
    const { raw, processed, curated, rejected } = storage.zones;
    const tables = MODEL_TABLES.map(({ name }) => name);
    this.score = new LakeFunction(this, 'Score', {
      environment,
      description: `Scores the rows of ${dataset} and judges the model by their outcomes.`,
      name: 'score-bookings',
      key,
      memoryMiB: 3008,
      scratch: Size.gibibytes(4),
      timeout: Duration.minutes(15),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
      },
      packages: ['@duckdb/node-api'],
      statements: [
        findStatement([curated]),
        ...readStatement(curated, [dataset, `_manifests/${dataset}`, `models/${dataset}`, bookingScores.name]),
        ...writeStatement(curated, tables),
      ],
    });
    this.uncalled = new DeadLetterQueue(this, 'Uncalled', { key, retain: environment.deletionProtection });
    // EventBridge seals what it lays into the queue.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    new Rule(this, 'Daily', {
      description: `Scores ${dataset} and judges the model.`,
      schedule: Schedule.cron({ hour: '5', minute: '30' }),
      targets: [
        new LambdaFunction(this.score, {
          event: RuleTargetInput.fromObject({ dataset }),
          retryAttempts: 3,
          deadLetterQueue: this.uncalled,
        }),
      ],
    });
    this.metricNamespace = `Laketwin/${environment.name}`;
    new MetricFilter(this, 'ModelAlarms', {
      logGroup: this.score.logGroup,
      metricNamespace: this.metricNamespace,
      metricName: 'ModelAlarms',
      filterPattern: FilterPattern.exists('$.modelAlarms'),
      metricValue: '$.modelAlarms',
    });
  }
}
