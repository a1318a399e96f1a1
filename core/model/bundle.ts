/** One model as it is kept: the library's trees, what was learnt of categories, and what it was made of. */
import { createHash } from 'node:crypto';
import type { FittedEncodings } from '../features/encodings.ts';
import { type FeaturePlan, featuresFor, inputColumns, type TargetFeatures } from '../features/feature-plan.ts';
import { type EncodingsJson, encodingsOf } from '../features/training-files.ts';
import { DamagedModel, type Forest, parseForest } from './forest.ts';

export const BUNDLE_SCHEMA = 'laketwin-model/1';

/** Plain JSON; written once, never changed. */
export interface Bundle {
  readonly schema: typeof BUNDLE_SCHEMA;
  readonly dataset: string;
  readonly target: string;
  readonly featuresVersion: number;
  /** See `contractFingerprint`. */
  readonly contract: string;
  readonly features: readonly string[];
  readonly encodings: EncodingsJson;
  readonly calibration: Calibration;
  /** For each number, the least and the greatest value that was trained on. */
  readonly ranges: readonly (readonly [number, number])[];
  /** What `save_raw('json')` of the library gave, as text: the library takes no number that was written anew. */
  readonly xgboost: string;
  /** Of a model that was not trained on the exam: see `wasExamined`. */
  readonly examShares?: Readonly<Record<string, number>>;
}

/** Platt's logistic: `probability = sigmoid(intercept + slope · margin)`. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

/** A bundle that can score. */
export interface Model {
  readonly bundle: Bundle;
  readonly features: TargetFeatures;
  readonly forest: Forest;
  readonly encodings: FittedEncodings;
}

/** A model of another schema, contract or version of the features. */
export class ForeignModel extends Error {
  override readonly name = 'ForeignModel';
}

/** Throws `DamagedModel` or `ForeignModel` with a sentence. */
export function openBundle(plan: FeaturePlan, text: string): Model {
  const bundle = parse(text);
  const expected: Readonly<Record<string, readonly [unknown, unknown]>> = {
    'model schema': [bundle.schema, BUNDLE_SCHEMA],
    dataset: [bundle.dataset, plan.dataset.name],
    'features version': [bundle.featuresVersion, plan.version],
    'contract fingerprint': [bundle.contract, contractFingerprint(plan)],
  };
  for (const [what, [found, right]] of Object.entries(expected)) {
    if (found !== right)
      throw new ForeignModel(`the model has the ${what} ${found}, expected ${right}: train it again`);
  }
  const features = featuresFor(plan, bundle.target);
  if (String(bundle.features) !== String(features.names)) {
    throw new ForeignModel('the model was trained on other features than this version computes: train it again');
  }
  const forest = parseForest(forestIn(bundle));
  if (forest.width !== features.names.length) {
    throw new DamagedModel(`the model reads ${forest.width} features, expected ${features.names.length}`);
  }
  const { intercept, slope } = bundle.calibration ?? {};
  if (!Number.isFinite(intercept) || !Number.isFinite(slope)) throw new DamagedModel('the model has no calibration');
  if (bundle.encodings?.tables?.length !== features.encodings.length || !(bundle.encodings.rate > 0)) {
    throw new DamagedModel('the model has not the encodings of its features');
  }
  return { bundle, features, forest, encodings: encodingsOf(bundle.encodings) };
}

/** Names, types and bounds of the columns that the features read. */
export function contractFingerprint(plan: FeaturePlan): string {
  const columns = inputColumns(plan).map(({ name, type, nullable, minimum, maximum, pattern }) => {
    return [name, type, nullable, minimum, maximum, pattern];
  });
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}

function forestIn({ xgboost }: Bundle): unknown {
  try {
    return JSON.parse(xgboost);
  } catch {
    throw new DamagedModel('the model file is damaged: its trees are no JSON');
  }
}

function parse(text: string): Bundle {
  try {
    const bundle: unknown = JSON.parse(text);
    if (typeof bundle === 'object' && bundle !== null && 'schema' in bundle) return bundle as Bundle;
  } catch {
    throw new DamagedModel('the model file is damaged: it is no JSON');
  }
  throw new DamagedModel('the model file is damaged: it has no schema');
}
