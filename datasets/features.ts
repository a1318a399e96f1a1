import type { DatasetPlan } from '../core/contract/plan.ts';
import type { FeaturePlan } from '../core/features/feature-plan.ts';
import { MODEL_TABLES } from '../core/model/score-tables.ts';
import { bookingFeatures } from './bookings/features.ts';

/** The datasets that have models. */
const FEATURES: Readonly<Record<string, FeaturePlan>> = { bookings: bookingFeatures };

/** Throws a sentence that lists the datasets that have models. */
export function featuresOf(dataset: string): FeaturePlan {
  const found = FEATURES[dataset];
  if (found) return found;
  throw new Error(`no features for the dataset '${dataset}', expected one of ${Object.keys(FEATURES).join(', ')}`);
}

/** Undefined for a dataset that has no models. */
export function featuresIfAny(dataset: string): FeaturePlan | undefined {
  return FEATURES[dataset];
}

/** The tables that a dataset's models leave in the lake; none where it has no models. */
export function modelTables(dataset: string): readonly DatasetPlan[] {
  return dataset in FEATURES ? MODEL_TABLES : [];
}
