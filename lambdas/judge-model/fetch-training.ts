/** Brings the files of a training from the lake to a folder, as the script read and wrote them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { EXAM } from '../../core/features/split.ts';
import { ALL_ROWS, foldName } from '../../core/features/training-files.ts';
import { featuresPrefix } from '../../core/model/training-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { fetchObject } from '../shared/fetch-object.ts';
import type { Training } from './training-output.ts';

const inflate = promisify(gunzip);
/** Of all models of a training, unpacked: a hundred times what they are. */
const MOST_BYTES = 2 ** 30;

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

/** In memory: an archive that is cut off is then refused before anything of it is read. */
async function unpack(store: ObjectStore, key: string, folder: string): Promise<void> {
  try {
    const { body } = await store.get('curated', key);
    const archive = extract();
    archive.end(await inflate(await buffer(body), { maxOutputLength: MOST_BYTES }));
    for await (const entry of archive) {
      const path = join(folder, normalize(entry.header.name));
      if (entry.header.type === 'file' && path.startsWith(`${folder}${sep}`)) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, entry as AsyncIterable<Uint8Array>);
      } else {
        entry.resume();
      }
    }
  } catch (error) {
    throw new Error(`the archive curated/${key} cannot be read (${(error as Error).message}): train again`);
  }
}
