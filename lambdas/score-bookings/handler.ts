/** The Lambda that scores what the champion has not scored yet, and judges it by the outcomes that came since. */
import { tmpdir } from 'node:os';
import { readText } from '../../core/lake/read-object.ts';
import { NoModel, openPublished } from '../../core/model/published-model.ts';
import { featuresOf } from '../../datasets/features.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { scoreCurated } from './score-curated.ts';

const store = new S3ObjectStore(zoneBuckets());

export async function handler({ dataset }: { readonly dataset: string }) {
  const said = await score(dataset);
  // Read by the filter that makes the metric of the alarm.
  console.log(JSON.stringify({ dataset, ...said, modelAlarms: said.alarms.length }));
  return said;
}

/** A lake without a model has nothing to score with yet. */
async function score(dataset: string) {
  const plan = featuresOf(dataset);
  const read = (path: string) => readText(store, 'curated', `models/${dataset}/${path}`);
  try {
    const published = await openPublished(read, plan);
    const { version, scored, judged, alarms } = await scoreCurated(
      { store, scratch: tmpdir(), now: () => new Date() },
      plan,
      published,
    );
    return { version, scored, judged, alarms };
  } catch (error) {
    if (error instanceof NoModel) return { version: undefined, scored: 0, judged: 0, alarms: [] };
    throw error;
  }
}
