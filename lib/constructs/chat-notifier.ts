import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { SENT_PREFIX } from '../../core/alerts/keys.ts';
import type { Environment } from '../environments.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { findStatement, readStatement, writeStatement } from '../statements.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LakeFunction } from './lake-function.ts';
import type { LakeKey } from './lake-key.ts';

export interface ChatNotifierProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly topic: ITopic;
  /** Encrypts the topic, the function, the address of the webhook and what could not be sent. */
  readonly key: LakeKey;
}

/** Sends whatever the topic says to a webhook of Slack or Teams, whose address is an encrypted parameter. */
export class ChatNotifier extends Construct {
  readonly notify: LakeFunction;
  /** Messages that could not be sent. */
  readonly unsent: DeadLetterQueue;

  constructor(scope: Construct, id: string, { environment, storage, topic, key }: ChatNotifierProps) {
    super(scope, id);
    this.unsent = new DeadLetterQueue(this, 'Unsent', { key, retain: environment.deletionProtection });
    const { raw, processed, curated, rejected } = storage.zones;
    const { partition, region, account } = Stack.of(this);
    const sent = [SENT_PREFIX.replace(/\/$/, '')];
    // Made by hand: CloudFormation writes no encrypted parameter.
    const parameter = `/laketwin/${environment.name}/alert-webhook`;
    this.notify = new LakeFunction(this, 'Notify', {
      environment,
      description: 'Sends what the topic of alerts says to the webhook of a chat.',
      name: 'notify-webhook',
      key,
      memoryMiB: 256,
      timeout: Duration.seconds(30),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
        WEBHOOK_PARAMETER: parameter,
      },
      statements: [
        findStatement([curated]),
        ...readStatement(curated, sent),
        ...writeStatement(curated, sent),
        new PolicyStatement({
          actions: ['ssm:GetParameter'],
          resources: [`arn:${partition}:ssm:${region}:${account}:parameter${parameter}`],
        }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.unsent.queueArn] }),
        new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
    new CfnEventInvokeConfig(this, 'Tries', {
      functionName: this.notify.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: Duration.hours(1).toSeconds(),
      destinationConfig: { onFailure: { destination: this.unsent.queueArn } },
    });
    topic.addSubscription(new LambdaSubscription(this.notify, { deadLetterQueue: this.unsent }));
  }
}
