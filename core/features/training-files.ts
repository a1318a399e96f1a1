/** What the training script reads: frames of each target and split, and what was learnt for them. */
import type { FittedEncodings } from './encodings.ts';
import { type FeaturePlan, type FeatureRow, featuresFor, inputColumns } from './feature-plan.ts';
import { all, type Columns, crossFit, type Frame, fill, learn, readColumns } from './frame.ts';
import { frameCsv, frameParquet, type Marks } from './frame-parquet.ts';
import { FOLDS, type Split, splitRows } from './split.ts';

export interface TrainingFile {
  /** Path in the channel. */
  readonly name: string;
  readonly body: Uint8Array | string;
}

/** The frames of one target and split, before they are files. */
export interface SplitFrames {
  readonly name: string;
  /** Places of the rows that are learnt from, and of those that judge. */
  readonly training: Int32Array;
  readonly testing: Int32Array;
  readonly fitted: FittedEncodings;
  readonly train: Frame;
  readonly test: Frame | undefined;
}

export const WITNESS_ROWS = 1000;
export const ALL_ROWS = 'all';

export function splitNames(): string[] {
  return [...Array.from({ length: FOLDS }, (_, fold) => foldName(fold)), ALL_ROWS];
}

export function foldName(fold: number): string {
  return `fold-${fold}`;
}

export function labelsOf(rows: readonly FeatureRow[], column: string): Uint8Array {
  return Uint8Array.from(rows, (row) => (row[column] === true ? 1 : 0));
}

/** The frames of one split: each fold judges once; the split of all rows is judged by none. */
export function framesOf(columns: Columns, labels: Uint8Array, folds: Uint8Array, name: string): SplitFrames {
  const places = all(columns.rows);
  const training = places.filter((row) => name === ALL_ROWS || foldName(folds[row] ?? 0) !== name);
  const testing = places.filter((row) => foldName(folds[row] ?? 0) === name);
  const fitted = learn(columns, labels, training);
  const train = crossFit(columns, labels, training, folds);
  return {
    name,
    training,
    testing,
    fitted,
    train,
    test: name === ALL_ROWS ? undefined : fill(columns, fitted, testing),
  };
}

/** The files of a training channel, one after the other, so that few frames are held at a time. */
export function* trainingFiles(plan: FeaturePlan, rows: readonly FeatureRow[]): Generator<TrainingFile> {
  const split = splitRows(plan, rows);
  yield { name: 'plan.json', body: JSON.stringify(channelPlan(plan)) };
  for (const { column } of plan.targets) {
    const columns = readColumns(featuresFor(plan, column), rows);
    const labels = labelsOf(rows, column);
    for (const name of splitNames()) yield* splitFiles(column, columns, labels, split, name);
  }
}

/** Rows that every publication scores again: a thousand spread over the file. */
export function witnessRows(count: number): Int32Array {
  const step = Math.max(1, Math.floor(count / WITNESS_ROWS));
  return all(Math.min(count, WITNESS_ROWS)).map((index) => index * step);
}

function* splitFiles(
  target: string,
  columns: Columns,
  labels: Uint8Array,
  { folds }: Split,
  name: string,
): Generator<TrainingFile> {
  const frames = framesOf(columns, labels, folds, name);
  const folder = `${target}/${name}`;
  const marks = (rows: Int32Array): Marks => ({
    row: rows,
    fold: rows.map((row) => folds[row] ?? 0),
    label: rows.map((row) => labels[row] ?? 0),
  });
  yield { name: `${folder}/train.parquet`, body: frameParquet(frames.train, marks(frames.training)) };
  if (frames.test) yield { name: `${folder}/test.parquet`, body: frameParquet(frames.test, marks(frames.testing)) };
  yield { name: `${folder}/encodings.json`, body: JSON.stringify(encodingsJson(frames.fitted)) };
  if (name !== ALL_ROWS) return;
  const witness = witnessRows(columns.rows);
  yield {
    name: `${folder}/witness.parquet`,
    body: frameParquet(fill(columns, frames.fitted, witness), marks(witness)),
  };
  yield { name: `${folder}/train.csv`, body: frameCsv(frames.train, marks(frames.training).label ?? new Int32Array()) };
}

/** Encodings as plain data. */
export interface EncodingsJson {
  readonly rate: number;
  readonly tables: readonly { readonly keys: readonly string[]; readonly values: readonly number[] }[];
}

export function encodingsJson({ rate, tables }: FittedEncodings): EncodingsJson {
  return { rate, tables: tables.map((table) => ({ keys: [...table.keys()], values: [...table.values()] })) };
}

export function encodingsOf({ rate, tables }: EncodingsJson): FittedEncodings {
  return { rate, tables: tables.map(({ keys, values }) => new Map(keys.map((key, at) => [key, values[at] ?? rate]))) };
}

function channelPlan(plan: FeaturePlan) {
  return {
    dataset: plan.dataset.name,
    features_version: plan.version,
    splits: splitNames(),
    inputs: inputColumns(plan).map(({ name, description }) => ({ name, description })),
    // The first target is the one that tuning is spent on.
    targets: plan.targets.map(({ column, description }, place) => ({
      column,
      description,
      main: place === 0,
      features: featuresFor(plan, column).names,
    })),
  };
}
