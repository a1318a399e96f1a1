/** Brings the files of a training from the lake to a folder, as the script read and wrote them. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { EXAM } from '../../core/features/split.ts';
import { ALL_ROWS, foldName } from '../../core/features/training-files.ts';
import { featuresPrefix } from '../../core/model/training-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { fetchObject } from '../shared/fetch-object.ts';
import type { Training } from './training-output.ts';

export interface FetchedTraining {
  readonly store: ObjectStore;
  readonly plan: FeaturePlan;
  readonly run: string;
  /** Key, in curated/, of the archive that SageMaker made of the model folder. */
  readonly artifacts: string;
}

export async function fetchTraining(
  { store, plan, run, artifacts }: FetchedTraining,
  folder: string,
): Promise<Training> {
  const training = { channel: join(folder, 'channel'), output: join(folder, 'model') };
  const prefix = featuresPrefix(plan.dataset.name, run);
  for (const { column } of plan.targets) {
    for (const name of judged) {
      const path = join(training.channel, column, name);
      await mkdir(dirname(path), { recursive: true });
      if ((await fetchObject(store, 'curated', `${prefix}${column}/${name}`, path)) === undefined) {
        throw new Error(`the features of the run ${run} lack ${column}/${name}: prepare them again`);
      }
    }
  }
  await unpack(store, artifacts, training.output);
  return training;
}

/** What the gate reads of the channel. */
const judged = [
  `${foldName(EXAM)}/train.parquet`,
  `${foldName(EXAM)}/test.parquet`,
  `${foldName(EXAM)}/encodings.json`,
  `${ALL_ROWS}/encodings.json`,
];

async function unpack(store: ObjectStore, key: string, folder: string): Promise<void> {
  const { body } = await store.get('curated', key);
  const entries = extract();
  const reading = pipeline(body, createGunzip(), entries);
  for await (const entry of entries) {
    const path = join(folder, normalize(entry.header.name));
    if (!path.startsWith(`${folder}${sep}`) || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await pipeline(entry, createWriteStream(path));
  }
  await reading;
}
