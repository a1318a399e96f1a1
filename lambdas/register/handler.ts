/** The Lambda that enters the files of the streams into the ledger, fed by a queue of S3's notifications. */
import { datasetNamed } from '../../datasets/index.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { registerEvents } from './register-events.ts';

export const handler = registerEvents({
  store: new S3ObjectStore(zoneBuckets()),
  datasetNamed,
  scratch: '/tmp',
  report: (done) => console.log(JSON.stringify(done)),
});
