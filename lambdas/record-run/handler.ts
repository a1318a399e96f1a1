/** The Lambda that keeps what a run of the pipeline did. */
import type { RunRecord } from '../../core/lake/run-records.ts';
import { env } from '../shared/env.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { type EndedRun, recordRun } from './record-run.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), dataset: env('DATASET'), now: () => new Date() };

export function handler(ended: EndedRun): Promise<RunRecord> {
  return recordRun(ports, ended);
}
