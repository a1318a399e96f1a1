import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface DeadLetterQueueProps {
  /** Encrypts the messages; whoever sends them may use it. */
  readonly key: IKey;
  /** Whether the queue outlives its stack. */
  readonly retain: boolean;
}

/** What could not be delivered, for as long as a queue keeps anything: it waits for a person, whom an alarm tells. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { key, retain }: DeadLetterQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(
      this,
      CfnQueue.CFN_RESOURCE_TYPE_NAME,
      ['cdk-nag:Serverless-SQSRedrivePolicy', 'cdk-nag:AwsSolutions-SQS3', 'control-tower:CT.SQS.PR.1'],
      'This is the dead-letter queue itself: whatever came to it waits for a person, who is told by an alarm.',
    );
  }
}
