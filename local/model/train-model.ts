/** Training from end to end on this machine: rows, frames, script, gate, registry. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type FeaturePlan, inputColumns } from '../../core/features/feature-plan.ts';
import { splitRows } from '../../core/features/split.ts';
import { witnessRows } from '../../core/features/training-files.ts';
import { type TargetReport, VERSION_SCHEMA, type Version, type Witness } from '../../core/model/version.ts';
import { lockLake } from '../lock.ts';
import { type JudgedTarget, judgeTarget } from './judge-training.ts';
import { readTrainingRows } from './read-training-rows.ts';
import { Registry } from './registry.ts';
import { type Budget, runTraining, writeChannel } from './run-training.ts';

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

/**
 * The first target of the plan must pass the gate, else nothing is published; another target that does not pass is
 * left out of the version.
 */
export async function trainModel(input: TrainInput): Promise<TrainSummary> {
  const { plan, seed, budget, say } = input;
  const lake = resolve(input.lake);
  const scratch = await mkdtemp(join(tmpdir(), 'laketwin-train-'));
  const clock = stopwatch();
  try {
    const { rows, fingerprint, warnings } = await readTrainingRows(lake, plan);
    for (const warning of warnings) say(`warning: ${warning}`);
    const training = { channel: join(scratch, 'channel'), output: join(scratch, 'model') };
    say(`${rows.length.toLocaleString('en')} rows: preparing features`);
    await clock.time('prepare', () => writeChannel(plan, rows, training.channel));
    say('training and tuning, fold by fold');
    await clock.time('train', () => runTraining(training, seed, budget));
    say('judging');
    const registry = new Registry(lake, plan);
    const candidate = { plan, rows, training, registry, split: splitRows(plan, rows) };
    const judged = new Map<string, JudgedTarget>();
    await clock.time('judge', async () => {
      for (const { column } of plan.targets) judged.set(column, await judgeTarget(candidate, column));
    });
    const names = inputColumns(plan).map(({ name }) => name);
    const witness = Array.from(witnessRows(rows.length), (row) =>
      Object.fromEntries(names.map((name) => [name, rows[row]?.[name]])),
    );
    const describe = (version: string, files: Version['files']): Version => ({
      schema: VERSION_SCHEMA,
      version,
      dataset: plan.dataset.name,
      createdAt: input.now().toISOString(),
      data: { fingerprint, rows: rows.length },
      xgboost: [...judged.values()][0]?.xgboost ?? '',
      seed,
      budget,
      examShares: candidate.split.examShares,
      targets: reportsOf(judged),
      files,
    });
    const published = passes(judged, plan)
      ? await clock.time('publish', () => publish(lake, registry, judged, witness, describe, input.now()))
      : undefined;
    return { published, rows: rows.length, fingerprint, warnings, targets: reportsOf(judged), seconds: clock.seconds };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function passes(judged: ReadonlyMap<string, JudgedTarget>, { targets }: FeaturePlan): boolean {
  return judged.get(targets[0]?.column ?? '')?.report.refusals.length === 0;
}

async function publish(
  lake: string,
  registry: Registry,
  judged: ReadonlyMap<string, JudgedTarget>,
  rows: Witness['rows'],
  describe: (version: string, files: Version['files']) => Version,
  now: Date,
): Promise<Version> {
  const passed = [...judged].filter(([, { report }]) => report.refusals.length === 0);
  const witness: Witness = {
    rows,
    probabilities: Object.fromEntries(passed.map(([target, { witness }]) => [target, witness])),
  };
  const files = Object.fromEntries([
    ...passed.flatMap(([target, { bundle, examBundle }]) => [
      [`${target}.json`, JSON.stringify(bundle)] as const,
      [`${target}.exam.json`, JSON.stringify(examBundle)] as const,
    ]),
    ['witness.json', JSON.stringify(witness)] as const,
  ]);
  await mkdir(lake, { recursive: true });
  const release = await lockLake(lake);
  try {
    return await registry.publish(files, describe, now);
  } finally {
    await release();
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
