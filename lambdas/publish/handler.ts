/** The Lambda that publishes what a run staged, or refuses to. */
import { S3ObjectStore } from '../shared/s3-store.ts';
import { s3Address, zoneBuckets } from '../shared/zone-buckets.ts';
import { type PublishEvent, type PublishedRun, publishRun } from './publish-run.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), addressOf: s3Address, now: () => new Date() };

export function handler(event: PublishEvent): Promise<PublishedRun> {
  return publishRun(ports, event);
}
