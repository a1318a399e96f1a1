/** The Lambda that processes what the ledger has again: plans a backfill or a replay, and works on its batches. */
import type { Asked, ReprocessedBatch } from '../../core/lake/reprocessing.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { CONVERTED_BYTES } from '../convert/size-limit.ts';
import { env } from '../shared/env.ts';
import { keptPseudonymKey } from '../shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { type PlannedReprocess, planReprocess } from './plan-reprocess.ts';
import { reprocessBatch } from './reprocess-batch.ts';
import { fetchingPorts } from './reprocess-ports.ts';

interface Event {
  readonly dataset: string;
  readonly run: string;
}

const given = {
  store: new S3ObjectStore(zoneBuckets()),
  loadPseudonymKey: keptPseudonymKey(env('PSEUDONYM_KEY_PARAMETER')),
  scratch: '/tmp',
  mostBytes: CONVERTED_BYTES,
  mostRejected: 1_000_000,
};

export function handler(
  event: (Event & { readonly asked: Asked }) | (Event & { readonly batch: number }),
): Promise<PlannedReprocess | ReprocessedBatch> {
  const ports = {
    ...fetchingPorts({ ...given, plan: datasetNamed(event.dataset) }),
    now: () => new Date(),
    report: (done: object) => console.log(JSON.stringify(done)),
  };
  return 'asked' in event
    ? planReprocess(ports, event.run, event.asked)
    : reprocessBatch(ports, event.run, event.batch);
}
