import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { replayRejected } from '../replay.ts';
import { startInCloud } from './start-in-cloud.ts';

export interface ReplayOptions {
  readonly dataset: string;
  readonly lake: string;
  /** Name of a deployed environment, whose machine does it in the place of this one. */
  readonly env?: string;
  readonly json?: boolean;
}

/** Tries the rejected rows again by the rules of today, and says how many pass. */
export async function replay({ dataset, lake, env, json }: ReplayOptions): Promise<ExitStatus> {
  if (env !== undefined)
    return startInCloud({ environment: env, dataset: datasetNamed(dataset).name, asked: { replay: true }, json });
  const summary = await replayRejected({ lake, dataset: datasetNamed(dataset), now: () => new Date() });
  const { tried, accepted, stillRejected, cut, expired } = summary;
  const count = (rows: number) => rows.toLocaleString('en');
  console.error(
    `${count(tried)} rejected rows tried again: ${count(accepted)} accepted, ${count(stillRejected)} still rejected`,
  );
  if (cut > 0)
    console.error(`${count(cut)} rows are too long to be kept whole and were not tried: mend them in their file`);
  if (expired > 0) console.error(`${count(expired)} rows were not tried: their files, or the raw file, have expired`);
  if (json) console.log(JSON.stringify(summary, null, 2));
  return EXIT.done;
}
