import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { convertDefinition } from '../../core/contract/convert-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { Environment } from '../environments.ts';
import type { IngestionStack } from '../stacks/ingestion-stack.ts';
import type { StorageStack } from '../stacks/storage-stack.ts';
import { findStatement, locateStatement, readStatement, removeStatement, writeStatement } from '../statements.ts';
import { jsonAsset } from './json-asset.ts';
import { SparkJob } from './spark-job.ts';

/** The Spark job that reads the rows of files of a dataset that are too large for the convert function. */
export function convertLargeJob(
  scope: Construct,
  id: string,
  given: {
    readonly environment: Environment;
    readonly plan: DatasetPlan;
    readonly storage: StorageStack;
    readonly ingestion: IngestionStack;
    /** Encrypts logs and bookmarks. */
    readonly key: IKey;
  },
): SparkJob {
  const { environment, plan, storage, ingestion, key } = given;
  const { raw, processed } = storage.zones;
  const { name } = plan;
  const definition = jsonAsset(scope, `${id}-definition`, convertDefinition(plan));
  const s3 = (bucket: string) => `s3://${bucket}`;
  // Refused rows stay beside the order: a job writes under one key, and the rejected zone has another.
  const written = [name, `_drafts/${name}`, `_large/${name}`];
  return new SparkJob(scope, id, {
    environment,
    name: `laketwin-${environment.name}-${name}-convert-large`,
    description: `Reads the rows of files of ${name} that are too large for the convert function.`,
    script: 'convert.py',
    key,
    dataKey: processed.key,
    assets: [definition],
    arguments: {
      '--definition': definition.s3ObjectUrl,
      '--raw': s3(raw.bucket.bucketName),
      '--processed': s3(processed.bucket.bucketName),
      '--pseudonym-key': `ssm:${ingestion.pseudonymParameter}`,
    },
    statements: [
      findStatement([raw, processed]),
      locateStatement([raw, processed]),
      ...readStatement(raw, [`_frames/${name}`]),
      ...readStatement(processed, written),
      ...writeStatement(processed, written),
      // What a killed run has left, and drafts.
      removeStatement(processed, written),
      ...ingestion.readPseudonymKeyStatements(),
    ],
  });
}
