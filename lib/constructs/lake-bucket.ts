import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

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
