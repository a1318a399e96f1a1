import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { renderTraining } from '../model/render-training.ts';
import type { Budget } from '../model/run-training.ts';
import { scoreLake } from '../model/score-lake.ts';
import { trainModel } from '../model/train-model.ts';
import { runLake } from '../runner.ts';

export interface TrainOptions {
  readonly input?: readonly string[];
  readonly lake: string;
  readonly seed: number;
  readonly budget: Budget;
  readonly json?: boolean;
}

/** Takes files in if some are given, trains on the curated rows, and publishes what passes the gate. */
export async function train(options: TrainOptions): Promise<ExitStatus> {
  const { lake, seed, budget, input } = options;
  const now = () => new Date();
  if (input !== undefined) {
    await runLake({ lake, dataset: datasetNamed(bookingFeatures.dataset.name), inputs: input, now });
  }
  const say = (text: string) => console.error(text);
  const summary = await trainModel({ lake, plan: bookingFeatures, seed, budget, now, say });
  console.log(options.json ? JSON.stringify(summary, null, 2) : renderTraining(summary));
  if (summary.published !== undefined) {
    const { scored } = await scoreLake({ lake, plan: bookingFeatures, now });
    say(`${scored.toLocaleString('en')} bookings of the lake scored`);
  }
  return summary.published === undefined ? EXIT.failed : EXIT.done;
}
