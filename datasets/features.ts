import type { FeaturePlan } from '../core/features/feature-plan.ts';
import { bookingFeatures } from './bookings/features.ts';

/** The datasets that have models. */
const FEATURES: Readonly<Record<string, FeaturePlan>> = { bookings: bookingFeatures };

/** Throws a sentence that lists the datasets that have models. */
export function featuresOf(dataset: string): FeaturePlan {
  const found = FEATURES[dataset];
  if (found) return found;
  throw new Error(`no features for the dataset '${dataset}', expected one of ${Object.keys(FEATURES).join(', ')}`);
}
