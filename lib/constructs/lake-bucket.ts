import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface LakeBucketProps {
  /**
   * Encrypts every object.
   *
   * @default - a key of S3 itself: access logs are delivered under no other
   */
  readonly key?: IKey;
  /**
   * Takes a line for every request.
   *
   * @default - requests are not logged
   */
  readonly accessLogs?: IBucket;
  /** Whether the bucket outlives its stack. */
  readonly retain: boolean;
  /** Days until an overwritten or deleted object is gone for good. */
  readonly oldVersionDays: number;
  /**
   * When objects leave.
   *
   * @default - objects stay
   */
  readonly lifecycleRules?: readonly LifecycleRule[];
}

/** A bucket of the lake: private, encrypted, versioned, and deaf to anything older than TLS 1.2. */
export class LakeBucket extends Bucket {
  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id, {
      encryption: props.key === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
      ...(props.key && { encryptionKey: props.key, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(props.accessLogs && { serverAccessLogsBucket: props.accessLogs, serverAccessLogsPrefix: `${id}/` }),
      lifecycleRules: [oldVersions(props.oldVersionDays), ...(props.lifecycleRules ?? [])],
    });
    this.addToResourcePolicy(this.refuseOtherAccounts());
    this.acknowledgeFindings(props);
  }

  private acknowledgeFindings({ key, accessLogs }: LakeBucketProps) {
    const type = CfnBucket.CFN_RESOURCE_TYPE_NAME;
    acknowledge(
      this,
      type,
      ['cdk-nag:NIST.800.53.R5-S3BucketReplicationEnabled'],
      'One region keeps each object in three data centres; a copy elsewhere would be one more place in which to erase a person, and curated rows are made again from raw files.',
    );
    acknowledge(
      this,
      type,
      ['control-tower:CT.S3.PR.9'],
      'A lock that nobody may lift would stand against the erasure of a person (GDPR, article 17): logs name people too, and changed audit files show by their digests.',
    );
    acknowledge(
      this,
      type,
      ['control-tower:CT.S3.PR.4'],
      'Only raw files and delivered files set something off; events of other buckets would reach nobody, and every access is in the audit trail or the access logs.',
    );
    if (key === undefined) {
      acknowledge(
        this,
        type,
        ['cdk-nag:NIST.800.53.R5-S3DefaultEncryptionKMS', 'control-tower:CT.S3.PR.10'],
        'S3 delivers access logs to a bucket under a key of S3 itself and under no other.',
      );
    }
    if (accessLogs === undefined) {
      acknowledge(
        this,
        type,
        ['checkov:CKV_AWS_18', 'control-tower:CT.S3.PR.2'],
        'This is the bucket that takes the access logs: to log its own accesses into itself would never end.',
      );
    }
  }

  /** A service of AWS writes for this account alone: the CDK's own grants to the trail and to access logs do not say so. */
  private refuseOtherAccounts(): PolicyStatement {
    return new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [this.arnForObjects('*')],
      conditions: {
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
        Null: { 'aws:SourceAccount': 'false' },
        StringNotEquals: { 'aws:SourceAccount': Stack.of(this).account },
      },
    });
  }
}

function oldVersions(days: number): LifecycleRule {
  return {
    id: 'old-versions',
    noncurrentVersionExpiration: Duration.days(days),
    expiredObjectDeleteMarker: true,
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  };
}
