/** Training from end to end on this machine: rows, frames, script, gate, registry. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { splitRows } from '../../core/features/split.ts';
import type { TrainingFile } from '../../core/features/training-files.ts';
import type { TargetReport, Version } from '../../core/model/version.ts';
import { type JudgedTarget, judgeTarget } from '../../lambdas/judge-model/judge-target.ts';
import { prepareFeatures } from '../../lambdas/prepare-features/prepare-features.ts';
import { openFileStore } from '../file-store.ts';
import { publishVersion } from './publish-version.ts';
import { Registry } from './registry.ts';
import { type Budget, runTraining, writeTrainingFile } from './run-training.ts';

export interface TrainInput {
  readonly lake: string;
  readonly plan: FeaturePlan;
  readonly seed: number;
  readonly budget: Budget;
  readonly now: () => Date;
  readonly say: (text: string) => void;
}

export interface TrainSummary {
  /** Undefined where the gate refused: the champion stays. */
  readonly published: Version | undefined;
  readonly rows: number;
  readonly fingerprint: string;
  readonly warnings: readonly string[];
  readonly targets: Readonly<Record<string, TargetReport>>;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Throws a sentence where the rows cannot be trained on; see `publishVersion` for what is published. */
export async function trainModel(input: TrainInput): Promise<TrainSummary> {
  const { plan, seed, budget, say } = input;
  const lake = resolve(input.lake);
  const scratch = await mkdtemp(join(tmpdir(), 'laketwin-train-'));
  const clock = stopwatch();
  try {
    const training = { channel: join(scratch, 'channel'), output: join(scratch, 'model') };
    say('preparing features');
    const store = await openFileStore(lake);
    const put = (file: TrainingFile) => writeTrainingFile(training.channel, file);
    const { rows, fingerprint, warnings } = await clock.time('prepare', () =>
      prepareFeatures({ store, scratch, put }, plan),
    );
    for (const warning of warnings) say(`warning: ${warning}`);
    say('training and tuning, fold by fold');
    await clock.time('train', () => runTraining(training, seed, budget));
    say('judging');
    const registry = new Registry(lake, plan);
    const candidate = { plan, rows, training, registry, split: splitRows(plan, rows) };
    const judged = new Map<string, JudgedTarget>();
    await clock.time('judge', async () => {
      for (const { column } of plan.targets) judged.set(column, await judgeTarget(candidate, column));
    });
    const xgboost = [...judged.values()][0]?.xgboost ?? '';
    const described = { data: { fingerprint, rows: rows.length }, xgboost, seed, budget };
    const published = await clock.time('publish', () =>
      publishVersion(lake, { plan, registry, rows, judged, described, now: input.now() }),
    );
    const targets = published?.targets ?? reportsOf(judged);
    return { published, rows: rows.length, fingerprint, warnings, targets, seconds: clock.seconds };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function reportsOf(judged: ReadonlyMap<string, JudgedTarget>): Record<string, TargetReport> {
  return Object.fromEntries([...judged].map(([target, { report }]) => [target, report]));
}

function stopwatch() {
  const seconds: Record<string, number> = {};
  const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    try {
      return await work();
    } finally {
      seconds[name] = (performance.now() - started) / 1000;
    }
  };
  return { seconds, time };
}
