import { Duration, Size } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { findStatement, readStatement, removeStatement, writeStatement } from '../statements.ts';
import { LakeFunction } from './lake-function.ts';

/** Folders of the curated zone where the parts of a dataset's models lie. */
export function modelFolders(dataset: string) {
  return {
    features: `features/${dataset}`,
    trainings: `trainings/${dataset}`,
    /** The one part of a training that SageMaker writes. */
    outputs: `trainings/${dataset}/*/output`,
    models: `models/${dataset}`,
  } as const;
}

export type ModelFunctions = Readonly<Record<'prepare' | 'judge' | 'score' | 'publish', LakeFunction>>;

export interface ModelFunctionsProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly key: IKey;
  readonly dataset: string;
}

/** The functions behind the steps of the machine that trains. */
export function modelFunctions(scope: Construct, props: ModelFunctionsProps): ModelFunctions {
  const { environment, storage, key, dataset } = props;
  const { raw, processed, curated, rejected } = storage.zones;
  const { features, trainings, models } = modelFolders(dataset);
  const tables = [dataset, `_manifests/${dataset}`];
  const make = (id: string, name: string, description: string, statements: readonly PolicyStatement[]) =>
    new LakeFunction(scope, id, {
      environment,
      description,
      name,
      key,
      memoryMiB: 3008,
      scratch: Size.gibibytes(4),
      timeout: Duration.minutes(15),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
      },
      packages: ['@duckdb/node-api'],
      statements: [findStatement([curated]), ...statements],
    });
  return {
    prepare: make('Prepare', 'prepare-features', `Prepares the features of ${dataset} for a training.`, [
      ...readStatement(curated, tables),
      ...writeStatement(curated, [features]),
    ]),
    judge: make('Judge', 'judge-model', `Judges what was trained on ${dataset}.`, [
      ...readStatement(curated, [...tables, features, trainings, models]),
      ...writeStatement(curated, [trainings]),
    ]),
    score: make('Score', 'score-bookings', `Scores the rows of ${dataset}.`, [
      ...readStatement(curated, [...tables, trainings, models, ...SCORES]),
      ...writeStatement(curated, SCORES),
    ]),
    publish: make('Publish', 'publish-model', `Makes a version of the model of ${dataset} the champion.`, [
      ...readStatement(curated, [trainings, models]),
      ...writeStatement(curated, [models]),
      removeStatement(curated, [models]),
    ]),
  };
}

/** Tables that scoring fills. */
const SCORES = ['booking_scores', 'model_metrics', 'model_drift'];
