/** A Lambda that takes one object from an S3 of its own making: `deadline-child.ts ENDPOINT BUCKETS KEY`. */
import { tmpdir } from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import { datasetNamed } from '../../datasets/index.ts';
import { convertEvents } from '../../lambdas/convert/convert-events.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { TEST_KEY } from '../convert-input.ts';
import { messageOf } from './notification.ts';

const [endpoint = '', buckets = '{}', key = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = new S3Client({ endpoint, region: 'eu-west-3', credentials, forcePathStyle: true });
const handle = convertEvents({
  store: new S3ObjectStore(JSON.parse(buckets), client),
  datasetNamed,
  loadPseudonymKey: async () => TEST_KEY,
  scratch: tmpdir(),
  report: () => {},
});
console.log('started');
console.log(JSON.stringify(await handle({ Records: [messageOf(key)] })));
