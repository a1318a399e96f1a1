/** The Lambda that Firehose calls with each batch of a dataset's stream. */
import { datasetNamed } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { keptPseudonymKey } from '../shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { transformEvents } from './transform-events.ts';

const store = new S3ObjectStore(zoneBuckets());
const now = () => new Date();
/** Folder of the registry in curated/; unset where rows are not scored. */
const registry = process.env.MODEL_REGISTRY;

export const handler = transformEvents({
  plan: datasetNamed(env('DATASET')),
  store,
  loadPseudonymKey: keptPseudonymKey(env('PSEUDONYM_KEY_PARAMETER')),
  loadScorer:
    registry === undefined
      ? undefined
      : async () => (await import('./open-scorer.ts')).openScorer({ dataset: env('DATASET'), registry, store }),
  now,
  report: ({ aside, ...counts }) => console.log(JSON.stringify({ ...counts, aside: aside?.id })),
});
