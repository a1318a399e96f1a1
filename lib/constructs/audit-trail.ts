import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnTrail, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ZONES } from '../../core/ports.ts';
import type { Environment } from '../environments.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { acknowledge, WAITS_TWICE } from './acknowledge.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LakeKey } from './lake-key.ts';

export interface AuditTrailProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
}

/** Every read and write of an object in a zone, in files whose later change would show, and at once in a log. */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { environment, storage }: AuditTrailProps) {
    super(scope, id);
    const { deletionProtection: retain, retention } = environment;
    const { account, partition, region } = Stack.of(this);
    const key = new LakeKey(this, 'Key', { description: 'Encrypts the audit trail.', retain });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudtrail:${region}:${account}:trail/*` },
        },
      }),
    );
    key.letLogs();
    const bucket = new LakeBucket(this, 'Files', {
      key,
      accessLogs: storage.accessLogs,
      retain,
      oldVersionDays: retention.oldVersionDays,
      lifecycleRules: [{ id: 'audit', expiration: Duration.days(retention.auditDays) }],
    });
    const logs = new LogGroup(this, 'Logs', {
      encryptionKey: key,
      retention: retention.logDays,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const trail = new Trail(this, 'Trail', {
      bucket,
      sendToCloudWatchLogs: true,
      cloudWatchLogGroup: logs,
      encryptionKey: key,
      enableFileValidation: true,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: true,
    });
    acknowledge(trail, CfnTrail.CFN_RESOURCE_TYPE_NAME, ['cfn-lint:W3005'], WAITS_TWICE);
    trail.addS3EventSelector(ZONES.map((zone) => ({ bucket: storage.zones[zone].bucket })));
  }
}
