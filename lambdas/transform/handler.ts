/** The Lambda that Firehose calls with each batch of a dataset's stream. */
import { datasetNamed } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { keptPseudonymKey } from '../shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { transformEvents } from './transform-events.ts';

export const handler = transformEvents({
  plan: datasetNamed(env('DATASET')),
  store: new S3ObjectStore(zoneBuckets()),
  loadPseudonymKey: keptPseudonymKey(env('PSEUDONYM_KEY_PARAMETER')),
  now: () => new Date(),
  report: ({ aside, ...counts }) => console.log(JSON.stringify({ ...counts, aside: aside?.id })),
});
