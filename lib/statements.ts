/** Policy statements with exact actions: the grants of the CDK's own buckets and keys open more than is needed. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Store } from './stacks/storage-stack.ts';

/** Read the objects under `prefixes`, with their key. */
export function readStatement({ bucket, key }: Store, prefixes: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: objectsOf(bucket.bucketArn, prefixes) }),
    new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
  ];
}

/** Write objects under `prefixes`, in parts where they are large. */
export function writeStatement({ bucket, key }: Store, prefixes: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: objectsOf(bucket.bucketArn, prefixes),
    }),
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  ];
}

/** Remove objects under `prefixes`; the bucket keeps their old versions for a while. */
export function removeStatement({ bucket }: Store, prefixes: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:DeleteObject'], resources: objectsOf(bucket.bucketArn, prefixes) });
}

/** See the names of the objects under `prefixes`. */
export function listStatement({ bucket }: Store, prefixes: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': prefixes.flatMap((prefix) => [prefix, `${prefix}/*`]) } },
  });
}

/** Tell an object that is not there from one that may not be seen: without it, S3 refuses instead of missing. */
export function findStatement(stores: readonly Store[]): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:ListBucket'], resources: stores.map(({ bucket }) => bucket.bucketArn) });
}

/** Ask where the bucket is, which Athena does before anything else. */
export function locateStatement(stores: readonly Store[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:GetBucketLocation'],
    resources: stores.map(({ bucket }) => bucket.bucketArn),
  });
}

function objectsOf(bucketArn: string, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => `${bucketArn}/${prefix}/*`);
}

/** Ask Athena, in one workgroup, over these relations of one database; the files behind them want rights of their own. */
export function askStatements(
  scope: Construct,
  {
    workGroup,
    database,
    relations,
  }: { readonly workGroup: string; readonly database: string; readonly relations: readonly string[] },
): PolicyStatement[] {
  const { partition, region, account } = Stack.of(scope);
  const place = (service: string) => `arn:${partition}:${service}:${region}:${account}`;
  return [
    new PolicyStatement({
      actions: [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
      ],
      resources: [`${place('athena')}:workgroup/${workGroup}`],
    }),
    new PolicyStatement({
      actions: ['athena:GetDataCatalog'],
      resources: [`${place('athena')}:datacatalog/AwsDataCatalog`],
    }),
    new PolicyStatement({
      actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
      resources: [
        `${place('glue')}:catalog`,
        `${place('glue')}:database/${database}`,
        ...relations.map((name) => `${place('glue')}:table/${database}/${name}`),
      ],
    }),
  ];
}
