import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface LakeKeyProps {
  /** What the key encrypts. */
  readonly description: string;
  /** Whether the key outlives its stack. */
  readonly retain: boolean;
}

/** A grant would open the key beside its policy, so nobody makes one but a service of AWS for its own work. */
const GRANTS_BY_SERVICES = new PolicyStatement({
  effect: Effect.DENY,
  principals: [new AnyPrincipal()],
  actions: ['kms:CreateGrant'],
  resources: ['*'],
  conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
});

/** A key of the lake: renewed every 90 days, and 30 days in waiting before it is gone for good. */
export class LakeKey extends Key {
  constructor(scope: Construct, id: string, { description, retain }: LakeKeyProps) {
    super(scope, id, {
      description,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(90),
      pendingWindow: Duration.days(30),
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.addToResourcePolicy(GRANTS_BY_SERVICES);
  }

  /** Lets CloudWatch encrypt log groups of this account with the key. */
  letLogs() {
    const { account, partition, region } = Stack.of(this);
    const groups = `arn:${partition}:logs:${region}:${account}:log-group:*`;
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
      }),
    );
  }
}
