/** The Lambda that makes a candidate the champion, or goes back to a version before. */
import { featuresOf } from '../../datasets/features.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { type PublishEvent, publishModel } from './publish-model.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), now: () => new Date() };

export function handler({ dataset, ...event }: PublishEvent & { readonly dataset: string }) {
  return publishModel(ports, featuresOf(dataset), event);
}
