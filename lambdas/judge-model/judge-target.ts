/** Reads what the training script made of one target, and judges it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeaturePlan, type FeatureRow, featuresFor, meaningOf } from '../../core/features/feature-plan.ts';
import { EXAM, type Split, wasExamined } from '../../core/features/split.ts';
import { ALL_ROWS, type EncodingsJson, foldName, labelsOf } from '../../core/features/training-files.ts';
import {
  BUNDLE_SCHEMA,
  type Bundle,
  type Calibration,
  contractFingerprint,
  ForeignModel,
  openBundle,
} from '../../core/model/bundle.ts';
import { evaluate } from '../../core/model/evaluation.ts';
import { judge } from '../../core/model/gate.ts';
import { findLeaks } from '../../core/model/leak-evidence.ts';
import { type Metrics, metricsOf } from '../../core/model/metrics.ts';
import type { ModelRegistry } from '../../core/model/registry.ts';
import { calibrated, plainNumbers, scoreRows } from '../../core/model/score-rows.ts';
import { filesOf, type TargetReport, type Version } from '../../core/model/version.ts';
import { readFrame } from './read-frame.ts';
import { readOutput, type ScriptPredictions, type Training, type TrainingRecord } from './training-output.ts';

export interface Candidate {
  readonly plan: FeaturePlan;
  readonly rows: readonly FeatureRow[];
  readonly split: Split;
  readonly training: Training;
  readonly registry: ModelRegistry;
}

export interface JudgedTarget {
  readonly report: TargetReport;
  /** The model to publish, and the one that was not trained on the exam. */
  readonly bundle: Bundle;
  readonly examBundle: Bundle;
  /** What the library says of the witness rows, calibrated. */
  readonly witness: readonly number[];
  readonly xgboost: string;
}

export async function judgeTarget(candidate: Candidate, target: string): Promise<JudgedTarget> {
  const { plan, rows, training } = candidate;
  const record = await readOutput<TrainingRecord>(training, target, 'training.json');
  const predictions = await readOutput<ScriptPredictions>(training, target, 'predictions.json');
  const evaluation = evaluate(target, predictions, rows, plan.groups);
  const leaks = findLeaks(await judgedFrames(candidate, target));
  const { incomparable, ...exam } = await examine(candidate, target, predictions);
  const champion = exam.champion;
  const refusals = judge({ evaluation, leaks, ...(champion ? { exam: { candidate: exam.candidate, champion } } : {}) });
  const published = record.splits.find(({ split }) => split === ALL_ROWS);
  if (published === undefined) throw new Error(`the training script wrote no model of all rows for ${target}`);
  const features = featuresFor(plan, target);
  const importance = features.names
    .map((feature, place) => ({
      feature,
      meaning: meaningOf(features, feature),
      gain: published.importance[place] ?? 0,
      shap: published.shap?.[place] ?? 0,
    }))
    .sort((a, b) => b.shap - a.shap);
  const calibration = calibrationOf(record, ALL_ROWS);
  return {
    report: {
      evaluation,
      leaks,
      exam,
      ...(incomparable === undefined ? {} : { incomparable }),
      refusals,
      parameters: published.params,
      trees: published.trees,
      tried: published.tried,
      importance,
    },
    bundle: await bundleOf(candidate, target, ALL_ROWS, calibration),
    examBundle: await bundleOf(candidate, target, foldName(EXAM), calibrationOf(record, foldName(EXAM))),
    witness: Array.from(calibrated(record.witness[ALL_ROWS]?.margin ?? [], calibration)),
    xgboost: record.xgboost,
  };
}

async function judgedFrames({ plan, rows, split, training }: Candidate, target: string) {
  const folder = join(training.channel, target, foldName(EXAM));
  const [train, test] = await Promise.all(
    ['train.parquet', 'test.parquet'].map((name) => readFrame(join(folder, name))),
  );
  if (train === undefined || test === undefined) throw new Error(`the channel has no frames of ${target}`);
  return {
    features: featuresFor(plan, target),
    rows,
    labels: labelsOf(rows, target),
    groups: split.groups,
    folds: split.folds,
    training: train.rows,
    testing: test.rows,
    train: train.frame,
    test: test.frame,
  };
}

interface Exam {
  readonly candidate: Metrics;
  readonly champion?: Metrics;
  readonly incomparable?: string;
}

/** Candidate and champion on the rows of the exam of both; the candidate alone where there is no champion. */
async function examine(
  { plan, rows, registry }: Candidate,
  target: string,
  { row, fold, label, probability }: ScriptPredictions,
): Promise<Exam> {
  const exam = [...row.keys()].filter((at) => fold[at] === EXAM);
  const metrics = (places: readonly number[], of: ArrayLike<number>) =>
    metricsOf(
      places.map((at) => label[at] ?? 0),
      places.map((at) => of[at] ?? 0),
    );
  const alone = metrics(exam, probability);
  const champion = await registry.champion();
  if (champion === undefined) return { candidate: alone };
  try {
    const record: Version = await registry.record(champion.version);
    const { exam: file } = filesOf(target);
    if (record.files[file] === undefined) return { candidate: alone };
    const model = openBundle(plan, await registry.read(record, file));
    const was = wasExamined(plan, rows, model.bundle.examShares ?? {});
    const both = exam.filter((at) => was(row[at] ?? 0));
    if (both.length === 0) return { candidate: alone, incomparable: 'no row was in the exam of both' };
    const scores = scoreRows(
      model,
      plan,
      both.map((at) => rows[row[at] ?? 0] ?? {}),
    );
    const labels = both.map((at) => label[at] ?? 0);
    return { candidate: metrics(both, probability), champion: metricsOf(labels, scores.probabilities) };
  } catch (error) {
    if (!(error instanceof ForeignModel)) throw error;
    return { candidate: alone, incomparable: error.message };
  }
}

function calibrationOf({ calibration }: TrainingRecord, split: string): Calibration {
  const line = calibration[split];
  if (line === undefined) throw new Error(`the training script wrote no calibration of ${split}`);
  return line;
}

async function bundleOf(
  { plan, rows, training, split: { examShares } }: Candidate,
  target: string,
  split: string,
  calibration: Calibration,
): Promise<Bundle> {
  const features = featuresFor(plan, target);
  const encodings = await readFile(join(training.channel, target, split, 'encodings.json'), 'utf8');
  const plain = new Set(plainNumbers(features));
  return {
    schema: BUNDLE_SCHEMA,
    dataset: plan.dataset.name,
    target,
    featuresVersion: plan.version,
    contract: contractFingerprint(plan),
    features: features.names,
    encodings: JSON.parse(encodings) as EncodingsJson,
    calibration,
    ranges: features.numbers.map((feature, place) => (plain.has(place) ? rangeOf(rows, feature.value) : [0, 0])),
    xgboost: await readFile(join(training.output, target, `${split}.model.json`), 'utf8'),
    ...(split === ALL_ROWS ? {} : { examShares }),
  };
}

function rangeOf(rows: readonly FeatureRow[], value: (row: FeatureRow) => number): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    least = Math.min(least, Math.fround(value(row)));
    most = Math.max(most, Math.fround(value(row)));
  }
  return [least, most];
}
