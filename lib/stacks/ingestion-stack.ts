import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration, RemovalPolicy, Size, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { datasets } from '../../datasets/index.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import type { Environment } from '../environments.ts';
import { findStatement, readStatement, writeStatement } from '../statements.ts';
import type { StorageStack } from './storage-stack.ts';

export interface IngestionStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How rows come in: each new file of the raw zone is converted by a function. */
export class IngestionStack extends Stack {
  /** Turns a file into rows. */
  readonly convert: IFunction;

  constructor(scope: Construct, id: string, { environment, storage, ...props }: IngestionStackProps) {
    super(scope, id, props);
    const { deletionProtection: retain } = environment;
    const key = new LakeKey(this, 'Key', { description: 'Encrypts the functions, their logs and secrets.', retain });
    this.letLogs(key);
    new CfnOutput(this, 'KeyArn', { description: 'Encrypts the pseudonym key.', value: key.keyArn });
    const parameter = `/laketwin/${environment.name}/pseudonym-key`;
    const logGroup = new LogGroup(this, 'ConvertLogs', {
      encryptionKey: key,
      retention: environment.retention.logDays,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const { raw, processed, curated, rejected } = storage.zones;
    const convert = new NodejsFunction(this, 'Convert', {
      description: 'Turns a file of the raw zone into rows: typed ones in processed, refused ones in rejected.',
      entry: `${ROOT}lambdas/convert/handler.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      // DuckDB's binding is installed for this architecture, whatever machine deploys.
      architecture: Architecture.X86_64,
      memorySize: 3008,
      ephemeralStorageSize: Size.gibibytes(8),
      timeout: Duration.minutes(15),
      role: this.convertRole(storage, logGroup, key, parameter),
      logGroup,
      environmentEncryption: key,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
        PSEUDONYM_KEY_PARAMETER: parameter,
      },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        sourceMap: true,
        externalModules: ['@aws-sdk/*', '@duckdb/*'],
        nodeModules: ['@duckdb/node-api'],
        environment: { npm_config_os: 'linux', npm_config_cpu: 'x64', npm_config_libc: 'glibc' },
      },
    });
    convert.addEventSource(
      new SqsEventSource(storage.rawObjects.messages, {
        batchSize: 1,
        maxConcurrency: 5,
        reportBatchItemFailures: true,
      }),
    );
    new CfnOutput(this, 'ConvertLogGroup', { description: 'A line a file.', value: logGroup.logGroupName });
    this.convert = convert;
  }

  private convertRole({ zones }: StorageStack, logGroup: LogGroup, key: LakeKey, parameter: string): Role {
    const role = new Role(this, 'ConvertRole', {
      description: 'The convert function: reads raw, writes processed, the ledger and rejected.',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const names = datasets.map(({ name }) => name);
    const notes = names.flatMap((name) => [`_ledger/${name}`, `_refused/${name}`]);
    const statements = [
      findStatement([zones.raw, zones.processed]),
      ...readStatement(zones.raw, names),
      ...readStatement(zones.processed, notes),
      ...writeStatement(zones.processed, [...names, ...notes]),
      ...writeStatement(zones.rejected, names),
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      new PolicyStatement({
        actions: ['ssm:GetParameter'],
        resources: [`arn:${this.partition}:ssm:${this.region}:${this.account}:parameter${parameter}`],
      }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }

  private letLogs(key: LakeKey) {
    const group = `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*`;
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': group } },
      }),
    );
  }
}
