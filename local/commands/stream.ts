import { resolve } from 'node:path';
import { featuresOf } from '../../datasets/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import type { ScoredBatch } from '../../lambdas/transform/transform-events.ts';
import { curateLake } from '../curate-lake.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openFileStore } from '../file-store.ts';
import { streamRows } from '../firehose.ts';
import { generateRows } from '../generate-file.ts';
import type { LearnedLake } from '../model/learn-lake.ts';
import { rowsOfFile } from '../stream-file.ts';
import { openProgress } from '../terminal/progress.ts';

export interface StreamOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly rate: number;
  readonly seconds?: number;
  readonly input?: string;
  readonly seed: number;
  /** Score the rows on their way in. */
  readonly score?: boolean;
  readonly json?: boolean;
}

const GENERATED_SECONDS = 10;

/** Sends rows through the Firehose transform into the lake, then brings the curated table up to date. */
export async function stream(options: StreamOptions): Promise<ExitStatus> {
  const { lake, rate, input, score, json } = options;
  const dataset = datasetNamed(options.dataset);
  const now = () => new Date();
  const seconds = options.seconds ?? (input === undefined ? GENERATED_SECONDS : undefined);
  const rows = input === undefined ? generated(options) : await fromFile(input, options);
  const progress = openProgress();
  progress.start('stream', seconds === undefined ? 0 : seconds * rate);
  try {
    const streamed = await streamRows({
      lake,
      dataset,
      rows,
      rate,
      ...(seconds === undefined ? {} : { seconds }),
      scoreWith: score ? featuresOf(dataset.name) : undefined,
      now,
      onProgress: (done) => progress.update(done.rows, done.rows),
    });
    const { rowsIn, accepted, rejected, duplicates, records, batches, scoring } = streamed;
    const count = (value: number) => value.toLocaleString('en');
    progress.end(
      `${count(rowsIn)} rows in ${count(records)} records and ${count(batches)} calls: ${count(accepted)} accepted, ${count(rejected)} rejected, ${count(duplicates)} duplicates`,
    );
    const curated = await curateLake({ lake, dataset, now });
    for (const table of curated) console.error(`curated  ${table.table}: ${count(table.rows)} rows`);
    if (scoring !== undefined) console.error(scoringText(scoring));
    const model = score ? await judge(options) : undefined;
    if (json) console.log(JSON.stringify({ ...streamed, curated, ...(model && { model }) }, null, 2));
    return rejected > rowsIn * dataset.maxRejectedShare ? EXIT.aboveLimit : EXIT.done;
  } finally {
    progress.abort();
  }
}

function scoringText({ scored, unscored, fault }: ScoredBatch): string {
  const passed = unscored === 0 ? '' : `; ${unscored.toLocaleString('en')} passed unscored: ${fault}`;
  return `scored   ${scored.toLocaleString('en')} rows on their way in${passed}`;
}

/** Judges the champion by the outcomes that have come by now. */
async function judge({ dataset, lake }: StreamOptions): Promise<LearnedLake> {
  const plan = featuresOf(dataset);
  const { learnFromLake } = await import('../model/learn-lake.ts');
  const say = (text: string) => console.error(text);
  const model = await learnFromLake({ lake, plan, train: false, now: () => new Date(), say });
  for (const alarm of model.alarms) say(`ALARM    ${alarm}`);
  for (const note of model.notes) say(note);
  return model;
}

function* generated({ dataset, seed }: StreamOptions): Generator<string> {
  for (const row of generateRows({ dataset: { name: dataset }, seed, now: () => new Date() }))
    yield JSON.stringify(row);
}

async function fromFile(input: string, { dataset, lake }: StreamOptions) {
  const store = await openFileStore(lake);
  return rowsOfFile(resolve(input), datasetNamed(dataset), await store.scratch.folder('stream'));
}
