import { CfnOutput, Duration, Size, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { bookingScores } from '../../core/model/score-tables.ts';
import { featuresIfAny } from '../../datasets/features.ts';
import { datasets } from '../../datasets/index.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { CALLED, LakeFunction } from '../constructs/lake-function.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { LakeStream } from '../constructs/lake-stream.ts';
import type { ObjectQueue } from '../constructs/object-queue.ts';
import type { Environment } from '../environments.ts';
import { findStatement, readStatement, removeStatement, writeStatement } from '../statements.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { StorageStack } from './storage-stack.ts';

const NO_DESTINATION = 'cdk-nag:Serverless-LambdaEventSourceMappingDestination';

/** What a function needs to convert the largest files: memory alone gives it processors. */
const CONVERTING = {
  memoryMiB: 3008,
  scratch: Size.gibibytes(8),
  timeout: Duration.minutes(15),
  packages: ['@duckdb/node-api'],
};

export interface IngestionStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
}

/** A stream and the function that cleans its records. */
export interface StreamParts {
  readonly dataset: string;
  readonly stream: CfnDeliveryStream;
  readonly transform: IFunction;
  /** Whether the function scores the rows too; it then tells of the metric `UnscoredRows`. */
  readonly scores: boolean;
}

/** How rows come in: a function converts each new file of the raw zone, and a stream a dataset takes in records. */
export class IngestionStack extends Stack {
  /** Turns a file into rows. */
  readonly convert: IFunction;
  /** Converts what the ledger has again, for the machine of a dataset. */
  readonly reprocess: IFunction;
  /** Takes in what is too large for `convert`, for the machine of a dataset, around its Spark job. */
  readonly takeLarge: IFunction;
  /** Name of the parameter that holds the key of pseudonyms. */
  readonly pseudonymParameter: string;
  /** Enters what streams delivered into the ledger; none where the environment has no streaming. */
  readonly register: IFunction | undefined;
  /** None where the environment has no streaming. */
  readonly streams: readonly StreamParts[];
  /** Of the metrics `RowsIn` and `RowsRejected`, read from the logs of the functions. */
  readonly metricNamespace: string;
  readonly #props: IngestionStackProps;
  readonly #key: LakeKey;

  constructor(scope: Construct, id: string, props: IngestionStackProps) {
    const { environment, storage, catalog: _, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#props = props;
    this.#key = new LakeKey(this, 'Key', {
      description: 'Encrypts functions, streams, their logs and the pseudonym key.',
      retain: environment.deletionProtection,
    });
    this.metricNamespace = `Laketwin/${environment.name}`;
    this.#key.letLogs();
    new CfnOutput(this, 'KeyArn', { description: 'Encrypts the pseudonym key.', value: this.#key.keyArn });
    // Made by hand: CloudFormation writes no encrypted parameter.
    this.pseudonymParameter = `/laketwin/${environment.name}/pseudonym-key`;
    this.convert = this.converter(storage);
    this.reprocess = this.reprocessor(storage.zones);
    this.takeLarge = this.largeTaker(storage.zones);
    this.register = storage.deliveredFiles && this.registrar(storage.zones, storage.deliveredFiles);
    this.streams = environment.streaming ? datasets.map((plan) => this.stream(plan)) : [];
  }

  private converter({ zones, rawObjects }: StorageStack): LakeFunction {
    const names = datasets.map(({ name }) => name);
    const notes = names.flatMap((name) => [`ledger/${name}`, `_refused/${name}`, `_large/${name}`]);
    const convert = new LakeFunction(this, 'Convert', {
      environment: this.#props.environment,
      description: 'Turns a file of the raw zone into rows: typed ones in processed, refused ones in rejected.',
      name: 'convert',
      key: this.#key,
      ...CONVERTING,
      variables: this.variables(),
      statements: [
        findStatement([zones.raw, zones.processed]),
        ...readStatement(zones.raw, names),
        ...readStatement(zones.processed, notes),
        ...writeStatement(zones.processed, [...names, ...notes]),
        ...writeStatement(zones.rejected, names),
        this.readPseudonymKey(),
      ],
    });
    convert.addEventSource(
      new SqsEventSource(rawObjects.messages, { batchSize: 1, maxConcurrency: 5, reportBatchItemFailures: true }),
    );
    acknowledge(convert, CfnEventSourceMapping.CFN_RESOURCE_TYPE_NAME, [NO_DESTINATION], CALLED);
    this.countRows(convert, '$.entry.');
    new CfnOutput(this, 'ConvertLogGroup', { description: 'A line a file.', value: convert.logGroup.logGroupName });
    return convert;
  }

  private reprocessor({ raw, processed, rejected, curated }: StorageStack['zones']): LakeFunction {
    const names = datasets.map(({ name }) => name);
    const stored = [...names, ...names.map((name) => `ledger/${name}`)];
    return new LakeFunction(this, 'Reprocess', {
      environment: this.#props.environment,
      description: 'Converts files of the raw zone again, and tries rejected rows again.',
      name: 'reprocess',
      key: this.#key,
      ...CONVERTING,
      variables: this.variables(),
      statements: [
        findStatement([raw, processed, rejected, curated]),
        ...readStatement(raw, names),
        ...readStatement(processed, stored),
        ...readStatement(rejected, names),
        ...readStatement(curated, ['_runs']),
        ...writeStatement(processed, [...stored, ...names.map((name) => `_large/${name}`)]),
        ...writeStatement(rejected, names),
        ...writeStatement(curated, ['_runs']),
        // Files that a new revision replaces, and replays whose rows stand in it.
        removeStatement(processed, stored),
        removeStatement(rejected, names),
        this.readPseudonymKey(),
      ],
    });
  }

  private largeTaker({ raw, processed, rejected }: StorageStack['zones']): LakeFunction {
    const names = datasets.map(({ name }) => name);
    const frames = names.map((name) => `_frames/${name}`);
    const waiting = names.map((name) => `_large/${name}`);
    const ledgers = names.map((name) => `ledger/${name}`);
    const takeLarge = new LakeFunction(this, 'TakeLarge', {
      environment: this.#props.environment,
      description: 'Frames files that are too large for the convert function, and enters what Spark made of them.',
      name: 'take-large',
      key: this.#key,
      memoryMiB: CONVERTING.memoryMiB,
      timeout: CONVERTING.timeout,
      // A file of refused rows at a time.
      scratch: Size.gibibytes(10),
      variables: this.zoneVariables(),
      statements: [
        findStatement([raw, processed, rejected]),
        ...readStatement(raw, names),
        ...writeStatement(raw, frames),
        ...readStatement(processed, [...waiting, ...ledgers]),
        ...writeStatement(processed, [...waiting, ...ledgers, ...names.map((name) => `_refused/${name}`)]),
        ...writeStatement(rejected, names),
        removeStatement(raw, frames),
        // What was done about an object, and files that a new revision replaces, with replays whose rows stand in it.
        removeStatement(processed, [...waiting, ...ledgers, ...names]),
        removeStatement(rejected, names),
      ],
    });
    this.countRows(takeLarge, '$.entry.');
    return takeLarge;
  }

  private registrar(zones: StorageStack['zones'], delivered: ObjectQueue): LakeFunction {
    const names = datasets.map(({ name }) => name);
    const ledgers = names.map((name) => `ledger/${name}`);
    const register = new LakeFunction(this, 'Register', {
      environment: this.#props.environment,
      description: 'Enters the files that streams delivered into the ledger, which makes them visible.',
      name: 'register',
      key: this.#key,
      memoryMiB: 1769,
      scratch: Size.gibibytes(2),
      timeout: Duration.minutes(5),
      variables: this.variables(),
      packages: ['@duckdb/node-api'],
      statements: [
        findStatement([zones.processed]),
        ...readStatement(zones.processed, [...names, ...ledgers]),
        ...writeStatement(zones.processed, ledgers),
      ],
    });
    register.addEventSource(
      new SqsEventSource(delivered.messages, { batchSize: 5, maxConcurrency: 5, reportBatchItemFailures: true }),
    );
    acknowledge(register, CfnEventSourceMapping.CFN_RESOURCE_TYPE_NAME, [NO_DESTINATION], CALLED);
    new CfnOutput(this, 'RegisterLogGroup', { description: 'A line a file.', value: register.logGroup.logGroupName });
    return register;
  }

  private stream(plan: DatasetPlan): StreamParts {
    const { environment, storage, catalog } = this.#props;
    const { processed, curated, rejected } = storage.zones;
    const scores = environment.streamScoring === true && featuresIfAny(plan.name) !== undefined;
    const registry = `models/${plan.name}`;
    const ledger = [`ledger/${plan.name}`];
    // Under another name, because it may do more.
    const transform = new LakeFunction(this, scores ? `${plan.name}-scoring-transform` : `${plan.name}-transform`, {
      environment,
      description: `Cleans the records of the stream of ${plan.name}.`,
      name: 'transform',
      key: this.#key,
      memoryMiB: 1024,
      // Firehose waits for five minutes and no longer.
      timeout: Duration.minutes(5),
      variables: { DATASET: plan.name, ...this.variables(), ...(scores && { MODEL_REGISTRY: registry }) },
      statements: [
        findStatement(scores ? [processed, curated] : [processed]),
        ...readStatement(processed, ledger),
        ...writeStatement(processed, [plan.name, ...ledger]),
        ...writeStatement(rejected, [plan.name]),
        ...(scores ? [...readStatement(curated, [registry]), ...writeStatement(curated, [bookingScores.name])] : []),
        this.readPseudonymKey(),
      ],
    });
    this.countRows(transform, '$.');
    if (scores) this.count(transform, 'UnscoredRows', '$.unscored');
    const { databaseName } = catalog;
    const props = { environment, plan, storage, transform, key: this.#key, databaseName };
    const { stream } = new LakeStream(this, `${plan.name}-stream`, props);
    // Firehose reads the table when the stream is made.
    this.addStackDependency(catalog);
    new CfnOutput(this, `${plan.name}StreamName`, { description: 'Where records are sent.', value: stream.ref });
    return { dataset: plan.name, stream, transform, scores };
  }

  /** Both functions tell of each file or batch on a line of JSON. */
  private countRows(fn: LakeFunction, path: string) {
    this.count(fn, 'RowsIn', `${path}rowsIn`);
    this.count(fn, 'RowsRejected', `${path}rejected`);
  }

  private count({ logGroup }: LakeFunction, metricName: string, field: string) {
    new MetricFilter(logGroup, metricName, {
      logGroup,
      metricNamespace: this.metricNamespace,
      metricName,
      filterPattern: FilterPattern.exists(field),
      metricValue: field,
    });
  }

  /** Read the key of pseudonyms; for functions of this stack, which have the right to its own key. */
  private readPseudonymKey(): PolicyStatement {
    const name = `parameter${this.pseudonymParameter}`;
    return new PolicyStatement({
      actions: ['ssm:GetParameter'],
      resources: [`arn:${this.partition}:ssm:${this.region}:${this.account}:${name}`],
    });
  }

  /** Read the key of pseudonyms, for others. */
  readPseudonymKeyStatements(): PolicyStatement[] {
    return [this.readPseudonymKey(), new PolicyStatement({ actions: ['kms:Decrypt'], resources: [this.#key.keyArn] })];
  }

  private variables() {
    return { ...this.zoneVariables(), PSEUDONYM_KEY_PARAMETER: this.pseudonymParameter };
  }

  private zoneVariables() {
    const { raw, processed, curated, rejected } = this.#props.storage.zones;
    return {
      RAW_BUCKET: raw.bucket.bucketName,
      PROCESSED_BUCKET: processed.bucket.bucketName,
      CURATED_BUCKET: curated.bucket.bucketName,
      REJECTED_BUCKET: rejected.bucket.bucketName,
    };
  }
}
