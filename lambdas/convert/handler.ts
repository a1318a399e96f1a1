/** The Lambda that turns objects of the raw zone into rows, fed by a queue of S3's notifications. */
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { loadPseudonymKey } from '../shared/load-pseudonym-key.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { convertEvents } from './convert-events.ts';

const parameter = env('PSEUDONYM_KEY_PARAMETER');
const store = new S3ObjectStore(new S3Client(), {
  raw: env('RAW_BUCKET'),
  processed: env('PROCESSED_BUCKET'),
  curated: env('CURATED_BUCKET'),
  rejected: env('REJECTED_BUCKET'),
});
let key: Promise<PseudonymKey> | undefined;

export const handler = convertEvents({
  store,
  datasetNamed,
  // Asked once for the life of the process; a failure is asked again.
  loadPseudonymKey: () => {
    key ??= loadPseudonymKey(new SSMClient(), parameter).catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  },
  scratch: '/tmp',
  report: (done) => console.log(JSON.stringify(done)),
});
