import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { featuresOf } from '../../datasets/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import type { ScoredBatch } from '../../lambdas/transform/transform-events.ts';
import { curateLake } from '../curate-lake.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openFileStore } from '../file-store.ts';
import { streamRows } from '../firehose.ts';
import { generateRows } from '../generate-file.ts';
import type { LearnedLake } from '../model/learn-lake.ts';
import { pace } from '../pace.ts';
import { packRecords } from '../pack-records.ts';
import { rowsOfFile } from '../stream-file.ts';
import { openProgress } from '../terminal/progress.ts';

export interface StreamOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly rate: number;
  readonly seconds?: number;
  readonly input?: string;
  /** Name of a real delivery stream, to which the rows go instead of the lake. */
  readonly to?: string;
  readonly seed: number;
  /** Score the rows on their way in. */
  readonly score?: boolean;
  readonly json?: boolean;
}

const GENERATED_SECONDS = 10;

/** Sends rows into this machine's lake, or to a delivery stream of AWS. */
export function stream(options: StreamOptions): Promise<ExitStatus> {
  return options.to === undefined ? intoLake(options) : toStream(options.to, options);
}

/** Sends rows through the Firehose transform into the lake, then brings the curated table up to date. */
async function intoLake(options: StreamOptions): Promise<ExitStatus> {
  const { lake, rate, input, score, json } = options;
  const dataset = datasetNamed(options.dataset);
  const now = () => new Date();
  const seconds = secondsOf(options);
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

/** Returns once all rows are confirmed; throws `RecordsNotDelivered` where some are not. */
async function toStream(to: string, options: StreamOptions): Promise<ExitStatus> {
  const { rate, input, json } = options;
  const { sendRecords } = await import('../send-records.ts');
  const seconds = secondsOf(options);
  const scratch = await mkdtemp(join(tmpdir(), 'laketwin-stream-'));
  const progress = openProgress();
  progress.start('send', seconds === undefined ? 0 : seconds * rate);
  try {
    const rows =
      input === undefined ? generated(options) : rowsOfFile(resolve(input), datasetNamed(options.dataset), scratch);
    const paced = pace(rows, { rate, ...(seconds === undefined ? {} : { seconds }) });
    const sent = await sendRecords({
      stream: to,
      batches: packRecords(paced, { streamId: randomUUID(), now: () => new Date(), batchSeconds: 1 }),
      onProgress: (done) => progress.update(done.rows, done.rows),
    });
    const count = (value: number) => value.toLocaleString('en');
    progress.end(
      `${count(sent.rows)} rows delivered to ${to} in ${count(sent.records)} records and ${count(sent.calls)} calls: ${count(sent.resent)} records were refused at first and sent again, ${count(sent.maybeTwice)} may have come twice`,
    );
    if (json) console.log(JSON.stringify({ stream: to, ...sent }, null, 2));
    return EXIT.done;
  } finally {
    progress.abort();
    await rm(scratch, { recursive: true, force: true });
  }
}

function secondsOf({ seconds, input }: StreamOptions): number | undefined {
  return seconds ?? (input === undefined ? GENERATED_SECONDS : undefined);
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
