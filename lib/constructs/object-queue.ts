import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption, type QueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LakeKey } from './lake-key.ts';

export interface ObjectQueueProps {
  /** Bucket of the same stack whose new objects are told of. */
  readonly bucket: IBucket;
  /** Beginnings of the keys that are told of; other objects are passed over in silence. */
  readonly prefixes: readonly string[];
  /**
   * End of the keys that are told of.
   *
   * @default - any
   */
  readonly suffix?: string;
  /** Longest that one try may take. */
  readonly tryDuration: Duration;
  /** Whether queues and key outlive their stack. */
  readonly retain: boolean;
}

/** A message for each new object of a bucket, and after five failures in a second queue. */
export class ObjectQueue extends Construct {
  readonly key: LakeKey;
  readonly messages: Queue;
  /** Messages that failed five times. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, { bucket, prefixes, suffix, tryDuration, retain }: ObjectQueueProps) {
    super(scope, id);
    this.key = new LakeKey(this, 'Key', { description: 'Encrypts the messages about new objects.', retain });
    this.failed = new DeadLetterQueue(this, 'Failed', { key: this.key, retain });
    this.messages = new Queue(this, 'Messages', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // AWS advises six times the time of a try, so that a throttled function finds its messages still its own.
      visibilityTimeout: Duration.seconds(6 * tryDuration.toSeconds()),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: 5 },
    });
    this.listenTo(bucket, prefixes, suffix);
  }

  /**
   * By CloudFormation's own word: the CDK's `addEventNotification` deploys a function of its own. The account stands
   * for the bucket in the policies, because a bucket that knows its queue cannot be known by that queue's policy.
   */
  private listenTo(bucket: IBucket, prefixes: readonly string[], suffix: string | undefined) {
    const s3 = {
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': bucket.stack.account } },
    };
    const { queueArn } = this.messages;
    this.messages.addToResourcePolicy(
      new PolicyStatement({ ...s3, actions: ['sqs:SendMessage'], resources: [queueArn] }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({ ...s3, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    const ending = suffix === undefined ? [] : [{ name: 'suffix', value: suffix }];
    const resource = bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: prefixes.map((value) => ({
        event: 's3:ObjectCreated:*',
        queue: queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value }, ...ending] } },
      })),
    };
    resource.node.addDependency(this.messages.node.findChild('Policy') as QueuePolicy);
  }
}
