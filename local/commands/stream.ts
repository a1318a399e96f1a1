import { resolve } from 'node:path';
import { datasetNamed } from '../../datasets/index.ts';
import { curateLake } from '../curate-lake.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openFileStore } from '../file-store.ts';
import { streamRows } from '../firehose.ts';
import { generateRows } from '../generate-file.ts';
import { rowsOfFile } from '../stream-file.ts';
import { openProgress } from '../terminal/progress.ts';

export interface StreamOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly rate: number;
  readonly seconds?: number;
  readonly input?: string;
  readonly seed: number;
  readonly json?: boolean;
}

const GENERATED_SECONDS = 10;

/** Sends rows through the Firehose transform into the lake, then brings the curated table up to date. */
export async function stream(options: StreamOptions): Promise<ExitStatus> {
  const { lake, rate, input, json } = options;
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
      now,
      onProgress: (done) => progress.update(done.rows, done.rows),
    });
    const { rowsIn, accepted, rejected, duplicates, records, batches } = streamed;
    const count = (value: number) => value.toLocaleString('en');
    progress.end(
      `${count(rowsIn)} rows in ${count(records)} records and ${count(batches)} calls: ${count(accepted)} accepted, ${count(rejected)} rejected, ${count(duplicates)} duplicates`,
    );
    const curated = await curateLake({ lake, dataset, now });
    for (const table of curated) console.error(`curated  ${table.table}: ${count(table.rows)} rows`);
    if (json) console.log(JSON.stringify({ ...streamed, curated }, null, 2));
    return rejected > rowsIn * dataset.maxRejectedShare ? EXIT.aboveLimit : EXIT.done;
  } finally {
    progress.abort();
  }
}

function* generated({ dataset, seed }: StreamOptions): Generator<string> {
  for (const row of generateRows({ dataset: { name: dataset }, seed, now: () => new Date() }))
    yield JSON.stringify(row);
}

async function fromFile(input: string, { dataset, lake }: StreamOptions) {
  const store = await openFileStore(lake);
  return rowsOfFile(resolve(input), datasetNamed(dataset), await store.scratch.folder('stream'));
}
