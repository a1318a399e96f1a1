/** The Lambda that turns objects of the raw zone into rows, fed by a queue of S3's notifications. */
import { datasetNamed } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { keptPseudonymKey } from '../shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { convertEvents } from './convert-events.ts';

export const handler = convertEvents({
  store: new S3ObjectStore(zoneBuckets()),
  datasetNamed,
  loadPseudonymKey: keptPseudonymKey(env('PSEUDONYM_KEY_PARAMETER')),
  scratch: '/tmp',
  report: (done) => console.log(JSON.stringify(done)),
});
