/** The Lambda that takes in what is too large for the convert function: it stands around the Spark job of a dataset. */
import { datasetNamed } from '../../datasets/index.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { s3Address, zoneBuckets } from '../shared/zone-buckets.ts';
import { type TakeEvent, type Taken, takeLarge } from './take-large.ts';

const ports = {
  store: new S3ObjectStore(zoneBuckets()),
  datasetNamed,
  addressOf: s3Address,
  scratch: '/tmp',
  report: (done: object) => console.log(JSON.stringify(done)),
};

export function handler(event: TakeEvent): Promise<Taken> {
  return takeLarge(ports, event);
}
