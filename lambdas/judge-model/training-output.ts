/** What `ml/train.py` writes, on SageMaker and on a laptop. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders: what the script read, and what it wrote. */
export interface Training {
  readonly channel: string;
  readonly output: string;
}

/** `training.json` of one target, as `ml/train.py` writes it. */
export interface TrainingRecord {
  readonly xgboost: string;
  readonly calibration: Readonly<Record<string, { readonly intercept: number; readonly slope: number }>>;
  readonly splits: readonly SplitRecord[];
  readonly witness: Readonly<Record<string, ScriptPredictions>>;
}

export interface SplitRecord {
  readonly split: string;
  readonly params: Readonly<Record<string, number>>;
  readonly trees: number;
  readonly tried: readonly { readonly params: unknown; readonly trees: number; readonly log_loss: number }[];
  /** Share of gain by the place of a feature. */
  readonly importance: Readonly<Record<string, number>>;
  /** Mean absolute SHAP value of each feature over the witness rows; null for a split without them. */
  readonly shap: readonly number[] | null;
}

export interface ScriptPredictions {
  readonly row: readonly number[];
  readonly fold: readonly number[];
  readonly label: readonly number[];
  readonly margin: readonly number[];
  readonly probability: readonly number[];
}

export async function readOutput<T>({ output }: Training, target: string, file: string): Promise<T> {
  return JSON.parse(await readFile(join(output, target, file), 'utf8')) as T;
}
