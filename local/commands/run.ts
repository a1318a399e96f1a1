import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { featuresIfAny } from '../../datasets/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { generateFile } from '../generate-file.ts';
import type { LearnedLake } from '../model/learn-lake.ts';
import { printReport } from '../run-report.ts';
import { type RunSummary, runLake } from '../runner.ts';
import { openProgress } from '../terminal/progress.ts';

export interface RunOptions {
  readonly dataset: string;
  readonly input?: readonly string[];
  readonly lake: string;
  readonly serve?: boolean;
  readonly despite?: readonly string[];
  /** Train a model where one is due. Default: true. */
  readonly train?: boolean;
  readonly json?: boolean;
}

/** The sample that stands in for a file: as many rows as the public airline file, some of them broken. */
const SAMPLE = { rows: 50_000, seed: 1, dirty: 0.01 };

/** Takes files (or a generated sample) through the whole lake, then answers: the ledger, the rates, the next command. */
export async function run(options: RunOptions): Promise<ExitStatus> {
  const dataset = datasetNamed(options.dataset);
  const { lake, despite } = options;
  const inputs = options.input ?? (despite === undefined ? [await sample(options)] : []);
  const progress = openProgress();
  let summary: RunSummary;
  try {
    summary = await runLake({ lake, dataset, inputs, now: () => new Date(), progress, despite });
  } finally {
    progress.abort();
  }
  const model = await learn(options);
  if (options.json) console.log(JSON.stringify({ ...summary, ...(model && { model }) }, null, 2));
  else await printReport(summary, options.lake, model);
  if (options.serve ?? !options.json) await (await import('./serve.ts')).serve(options);
  return summary.rejected > summary.rowsIn * dataset.maxRejectedShare ? EXIT.aboveLimit : EXIT.done;
}

/** Trains where it is due, scores and judges; undefined for a dataset without models. */
async function learn({ dataset, lake, train = true }: RunOptions): Promise<LearnedLake | undefined> {
  const plan = featuresIfAny(dataset);
  if (plan === undefined) return undefined;
  const { learnFromLake } = await import('../model/learn-lake.ts');
  return learnFromLake({ lake, plan, train, now: () => new Date(), say: (text) => console.error(text) });
}

async function sample({ dataset, lake }: RunOptions): Promise<string> {
  const folder = join(lake, 'samples');
  await mkdir(folder, { recursive: true });
  const out = join(folder, `${dataset}-sample-${SAMPLE.rows}.csv.gz`);
  console.error(
    `no --input given: generating a sample of ${SAMPLE.rows.toLocaleString('en')} rows, ${SAMPLE.dirty * 100} % of them broken`,
  );
  await generateFile({ dataset: datasetNamed(dataset), out, ...SAMPLE });
  return out;
}
