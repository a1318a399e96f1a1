import { Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { LakeFunction } from './lake-function.ts';

export interface ScoreFeedbackProps {
  readonly environment: Environment;
  /** Scores a dataset with its champion, and judges that. */
  readonly score: LakeFunction;
  /** Encrypts what could not be told to the function. */
  readonly key: IKey;
  readonly dataset: string;
}

/** Each day: scores what the champion has not scored, and judges it by the outcomes that came since. */
export class ScoreFeedback extends Construct {
  /** Days on which the function could not be called. */
  readonly uncalled: IQueue;
  /** Of the metric `ModelAlarms`, read from the log of the function. */
  readonly metricNamespace: string;

  constructor(scope: Construct, id: string, { environment, score, key, dataset }: ScoreFeedbackProps) {
    super(scope, id);
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
        new LambdaFunction(score, {
          event: RuleTargetInput.fromObject({ dataset }),
          retryAttempts: 3,
          deadLetterQueue: this.uncalled,
        }),
      ],
    });
    this.metricNamespace = `Laketwin/${environment.name}`;
    new MetricFilter(this, 'ModelAlarms', {
      logGroup: score.logGroup,
      metricNamespace: this.metricNamespace,
      metricName: 'ModelAlarms',
      filterPattern: FilterPattern.exists('$.modelAlarms'),
      metricValue: '$.modelAlarms',
    });
  }
}
