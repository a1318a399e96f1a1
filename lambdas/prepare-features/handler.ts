/** The Lambda that prepares the frames of a training: `features/<dataset>/<run>/` in curated/. */
import { tmpdir } from 'node:os';
import { featuresPrefix } from '../../core/model/training-keys.ts';
import { featuresOf } from '../../datasets/features.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { prepareFeatures } from './prepare-features.ts';

const store = new S3ObjectStore(zoneBuckets());

export async function handler({ dataset, run }: { readonly dataset: string; readonly run: string }) {
  const prefix = featuresPrefix(dataset, run);
  const put = async ({ name, body }: { readonly name: string; readonly body: Uint8Array | string }) => {
    await store.put('curated', `${prefix}${name}`, body);
  };
  const prepared = await prepareFeatures({ store, scratch: tmpdir(), put }, featuresOf(dataset));
  const { rows, fingerprint, tableVersion, warnings } = prepared;
  return { dataset, run, prefix, rows: rows.length, fingerprint, tableVersion, warnings };
}
