/** The Lambda that scores the bookings of the lake: with the champion, or with the candidate of a run. */
import { tmpdir } from 'node:os';
import { readText } from '../../core/lake/read-object.ts';
import type { ReadRegistryFile } from '../../core/model/published-model.ts';
import { candidateKey } from '../../core/model/training-keys.ts';
import { featuresOf } from '../../datasets/features.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { scoreCurated } from './score-curated.ts';

export interface ScoreEvent {
  readonly dataset: string;
  /** Of the run whose candidate scores, before it is published; the champion scores where there is none. */
  readonly run?: string;
}

const store = new S3ObjectStore(zoneBuckets());

export async function handler({ dataset, run }: ScoreEvent) {
  const readRegistry: ReadRegistryFile =
    run === undefined ? (path) => readText(store, 'curated', `models/${dataset}/${path}`) : candidate(dataset, run);
  const ports = { store, readRegistry, scratch: tmpdir(), now: () => new Date() };
  const { version, scored, judged, alarms } = await scoreCurated(ports, featuresOf(dataset));
  return { version, scored, judged, hasDrifted: alarms.length > 0, alarms: alarms.join('; ') };
}

/** The registry as it will be once the candidate is published. */
function candidate(dataset: string, run: string): ReadRegistryFile {
  const read = (name: string) => readText(store, 'curated', candidateKey(dataset, run, name));
  return async (path) => {
    if (path !== 'champion.json') return read(path.split('/').at(-1) ?? '');
    const record = await read('version.json');
    if (record === undefined) throw new Error(`the run ${run} has no candidate: the gate did not let it through`);
    return record;
  };
}
