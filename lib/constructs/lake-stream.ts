import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { DELIVERED } from '../../core/lake/keys.ts';
import type { Environment } from '../environments.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { findStatement, locateStatement, readStatement, writeStatement } from '../statements.ts';

export interface LakeStreamProps {
  readonly environment: Environment;
  readonly plan: DatasetPlan;
  readonly storage: StorageStack;
  /** Cleans the records. */
  readonly transform: IFunction;
  /** Encrypts what waits in the stream, and the logs. */
  readonly key: IKey;
  /** Database with the table `processed_<dataset>`, which says what the Parquet files hold. */
  readonly databaseName: string;
}

/** A stream of records: kept as they came in raw, cleaned by a function, written to processed as Parquet. */
export class LakeStream extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: LakeStreamProps) {
    super(scope, id);
    const { plan, storage, key, environment } = props;
    const { raw, processed } = storage.zones;
    const logs = new LogGroup(this, 'Logs', {
      encryptionKey: key,
      retention: environment.retention.logDays,
      removalPolicy: environment.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = this.role(props, logs);
    const logged = (stream: string) => ({
      enabled: true,
      logGroupName: logs.logGroupName,
      logStreamName: new LogStream(this, stream, { logGroup: logs, removalPolicy: RemovalPolicy.DESTROY })
        .logStreamName,
    });
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn },
      extendedS3DestinationConfiguration: {
        roleArn: role.roleArn,
        bucketArn: processed.bucket.bucketArn,
        prefix: `${plan.name}/${plan.partitionBy}=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: `_errors/${plan.name}/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/`,
        // Parquet wants large files: 128 MiB, or whatever came in five minutes.
        bufferingHints: { sizeInMBs: 128, intervalInSeconds: 300 },
        fileExtension: DELIVERED,
        compressionFormat: 'UNCOMPRESSED',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: processed.key.keyArn } },
        cloudWatchLoggingOptions: logged('Delivery'),
        processingConfiguration: { enabled: true, processors: [this.processor(props, role)] },
        dataFormatConversionConfiguration: this.conversion(props, role),
        s3BackupMode: 'Enabled',
        s3BackupConfiguration: {
          roleArn: role.roleArn,
          bucketArn: raw.bucket.bucketArn,
          prefix: `_stream/${plan.name}/!{timestamp:yyyy-MM-dd}/`,
          errorOutputPrefix: `_stream/${plan.name}/_errors/!{firehose:error-output-type}/`,
          bufferingHints: { sizeInMBs: 64, intervalInSeconds: 300 },
          compressionFormat: 'GZIP',
          encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: raw.key.keyArn } },
          cloudWatchLoggingOptions: logged('Backup'),
        },
      },
    });
    // Firehose tries its role when the stream is made, so the policy comes first.
    this.stream.node.addDependency(role.node.findChild('DefaultPolicy'));
  }

  /** An answer is up to twice as long as what was asked, and Lambda passes on 6 MB: hence the small batches. */
  private processor({ transform }: LakeStreamProps, role: Role): CfnDeliveryStream.ProcessorProperty {
    const parameters = {
      LambdaArn: transform.functionArn,
      RoleArn: role.roleArn,
      BufferSizeInMBs: '1',
      BufferIntervalInSeconds: '60',
      NumberOfRetries: '3',
    };
    return {
      type: 'Lambda',
      parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
        parameterName,
        parameterValue,
      })),
    };
  }

  private conversion({ plan, databaseName }: LakeStreamProps, role: Role) {
    const { account, region } = Stack.of(this);
    return {
      enabled: true,
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
      outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
      schemaConfiguration: {
        catalogId: account,
        region,
        databaseName,
        tableName: `processed_${plan.name}`,
        versionId: 'LATEST',
        roleArn: role.roleArn,
      },
    };
  }

  private role({ plan, storage, transform, databaseName }: LakeStreamProps, logs: LogGroup): Role {
    const { raw, processed } = storage.zones;
    const { account, partition, region } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: `The stream of ${plan.name}: writes raw records and processed rows, and calls its function.`,
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    const glue = `arn:${partition}:glue:${region}:${account}`;
    const written = { raw: [`_stream/${plan.name}`], processed: [plan.name, `_errors/${plan.name}`] };
    const statements = [
      findStatement([raw, processed]),
      locateStatement([raw, processed]),
      ...readStatement(raw, written.raw),
      ...writeStatement(raw, written.raw),
      ...readStatement(processed, written.processed),
      ...writeStatement(processed, written.processed),
      new PolicyStatement({
        actions: ['s3:ListBucketMultipartUploads'],
        resources: [raw.bucket.bucketArn, processed.bucket.bucketArn],
      }),
      new PolicyStatement({
        actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
        resources: [transform.functionArn],
      }),
      new PolicyStatement({
        actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        resources: [
          `${glue}:catalog`,
          `${glue}:database/${databaseName}`,
          `${glue}:table/${databaseName}/processed_${plan.name}`,
        ],
      }),
      new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logs.logGroupArn] }),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }
}
