/** The gate on AWS: the rules of the laptop over what SageMaker has trained. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { splitRows } from '../../core/features/split.ts';
import { candidateKey, trainingPrefix } from '../../core/model/training-keys.ts';
import type { TargetReport } from '../../core/model/version.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { readLearntRows } from '../prepare-features/prepare-features.ts';
import { modelRegistry } from '../shared/model-bucket.ts';
import { assembleVersion, type Draft } from './assemble-version.ts';
import { fetchTraining } from './fetch-training.ts';
import { type JudgedTarget, judgeTarget } from './judge-target.ts';

export interface JudgePorts {
  readonly store: ObjectStore;
  readonly scratch: string;
  readonly now: () => Date;
}

/** What the state machine knows of a training. */
export interface JudgeEvent {
  readonly run: string;
  readonly tableVersion: number;
  readonly fingerprint: string;
  /** `s3://…` of the model archive, in curated/. */
  readonly artifacts: string;
  readonly seed: number;
  readonly budget: string;
}

export interface ModelJudgement {
  readonly hasPassed: boolean;
  /** Why not, in sentences; empty where it has passed. */
  readonly refusal: string;
  /** `''` where it has not passed. */
  readonly version: string;
  /** What the registry of AWS keeps beside the model: texts of at most 256 characters. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Keeps the judgement, and the candidate where the main target passed. Doing it again gives the same. */
export async function judgeModel(ports: JudgePorts, plan: FeaturePlan, event: JudgeEvent): Promise<ModelJudgement> {
  const { store } = ports;
  const { run, seed, budget } = event;
  const learnt = await readLearntRows(ports, plan, event.tableVersion);
  if (learnt.fingerprint !== event.fingerprint) {
    throw new Error(`version ${event.tableVersion} of ${plan.dataset.name} is not what was trained on: prepare again`);
  }
  const { rows, fingerprint } = learnt;
  const folder = await mkdtemp(join(ports.scratch, 'judge-'));
  try {
    const artifacts = new URL(event.artifacts).pathname.slice(1);
    const training = await fetchTraining({ store, plan, run, artifacts }, folder);
    const registry = modelRegistry(store, plan);
    const candidate = { plan, rows, training, registry, split: splitRows(plan, rows) };
    const judged = new Map<string, JudgedTarget>();
    for (const { column } of plan.targets) judged.set(column, await judgeTarget(candidate, column));
    const xgboost = [...judged.values()][0]?.xgboost ?? '';
    const described = { data: { fingerprint, rows: rows.length }, xgboost, seed, budget };
    const draft = await assembleVersion({ plan, registry, rows, judged, described, now: ports.now() });
    const reports = Object.fromEntries([...judged].map(([target, { report }]) => [target, report]));
    await keep(store, plan.dataset.name, run, reports, draft);
    return summaryOf(reports[plan.targets[0]?.column ?? ''], draft);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(
  store: ObjectStore,
  dataset: string,
  run: string,
  reports: Readonly<Record<string, TargetReport>>,
  draft: Draft | undefined,
): Promise<void> {
  await store.put('curated', `${trainingPrefix(dataset, run)}judgement.json`, JSON.stringify(reports, null, 2));
  if (draft === undefined) return;
  const files = { ...draft.files, 'version.json': JSON.stringify(draft.record) };
  for (const [name, text] of Object.entries(files)) await store.put('curated', candidateKey(dataset, run, name), text);
}

function summaryOf(main: TargetReport | undefined, draft: Draft | undefined): ModelJudgement {
  const refusal = (main?.refusals ?? []).map(({ name, message }) => `${name}: ${message}`).join('; ');
  if (draft === undefined || main === undefined) return { hasPassed: false, refusal, version: '', metadata: {} };
  const { version, dataset, createdAt, data, xgboost, seed, budget } = draft.record;
  const { rocAuc, prAuc, logLoss, brier } = main.evaluation.metrics;
  const figures = { rocAuc, prAuc, logLoss, brier, rows: data.rows, seed };
  const texts = { version, dataset, createdAt, fingerprint: data.fingerprint, xgboost, budget };
  const metadata = { ...texts, ...Object.fromEntries(Object.entries(figures).map(([name, it]) => [name, String(it)])) };
  return { hasPassed: true, refusal, version, metadata };
}
