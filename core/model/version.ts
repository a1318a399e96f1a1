/** A published version of the models: the same fields in a folder and in the registry of AWS. */
import type { FeatureRow } from '../features/feature-plan.ts';
import type { Evaluation } from './evaluation.ts';
import type { Refusal } from './gate.ts';
import type { LeakEvidence } from './leak-evidence.ts';
import type { Metrics } from './metrics.ts';

export const VERSION_SCHEMA = 'laketwin-version/1';

export interface TargetReport {
  readonly evaluation: Evaluation;
  readonly leaks: LeakEvidence;
  /** On the rows of the exam; the champion too where there is one that can be compared. */
  readonly exam: { readonly candidate: Metrics; readonly champion?: Metrics };
  /** Why no champion was compared with, where none was. */
  readonly incomparable?: string;
  readonly refusals: readonly Refusal[];
  /** The version whose model for this target stays, since the candidate's was not better. */
  readonly keptFrom?: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly trees: number;
  /** What else was tried for the published model, with its log loss on inner folds. */
  readonly tried: readonly { readonly params: unknown; readonly trees: number; readonly log_loss: number }[];
  /** Of the features of the published model, the weightiest first. */
  readonly importance: readonly Importance[];
}

export interface Importance {
  readonly feature: string;
  readonly meaning: string;
  /** Share of all gain. */
  readonly gain: number;
  /** Mean absolute SHAP value, in log odds, over the witness rows. */
  readonly shap: number;
}

/** `version.json`. */
export interface Version {
  readonly schema: typeof VERSION_SCHEMA;
  /** `v0001-` and eight digits of the checksum of its models. */
  readonly version: string;
  readonly dataset: string;
  readonly createdAt: string;
  readonly data: { readonly fingerprint: string; readonly rows: number };
  readonly xgboost: string;
  readonly seed: number;
  readonly budget: string;
  readonly targets: Readonly<Record<string, TargetReport>>;
  /** SHA-256 of each file beside this one. */
  readonly files: Readonly<Record<string, string>>;
}

/** Rows, and what the library said of them when the model was trained. */
export interface Witness {
  readonly rows: readonly FeatureRow[];
  /** After calibration. */
  readonly probabilities: readonly number[];
}

/** Names of the files of one target in a version. */
export function filesOf(target: string) {
  return { model: `${target}.json`, exam: `${target}.exam.json`, witness: `${target}.witness.json` } as const;
}

/** Most that a probability may differ from the library's. */
export const WITNESS_TOLERANCE = 1e-6;

export function versionName(number: number, checksum: string): string {
  return `v${String(number).padStart(4, '0')}-${checksum.slice(0, 8)}`;
}

export function versionNumber(version: string): number {
  return Number(/^v(\d+)-/.exec(version)?.[1] ?? 0);
}
