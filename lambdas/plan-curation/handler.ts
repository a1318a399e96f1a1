/** The Lambda that finds out what a run of the pipeline has to do. */
import { datasetNamed } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { s3Address, zoneBuckets } from '../shared/zone-buckets.ts';
import { type PlannedRun, planCuration } from './plan-curation.ts';

const ports = {
  store: new S3ObjectStore(zoneBuckets()),
  plan: datasetNamed(env('DATASET')),
  fingerprints: JSON.parse(env('FINGERPRINTS')),
  addressOf: s3Address,
};

export function handler({ run }: { readonly run: string }): Promise<PlannedRun> {
  return planCuration(ports, run);
}
