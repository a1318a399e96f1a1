/** A model of one tree in the form in which XGBoost saves it: short leads complete, long ones do not. */

import { featuresFor } from '../../core/features/feature-plan.ts';
import { BUNDLE_SCHEMA, type Bundle, contractFingerprint } from '../../core/model/bundle.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';

export const TARGET = 'booking_complete';
export const FEATURES = featuresFor(bookingFeatures, TARGET);

export function tinyForest(leaf = 0.5) {
  return {
    version: [3, 2, 0],
    learner: {
      objective: { name: 'binary:logistic' },
      learner_model_param: { base_score: '[2E-1]', num_feature: String(FEATURES.names.length) },
      gradient_booster: {
        name: 'gbtree',
        model: {
          trees: [
            {
              left_children: [1, -1, -1],
              right_children: [2, -1, -1],
              split_indices: [FEATURES.names.indexOf('purchase_lead'), 0, 0],
              split_conditions: [30.5, leaf, -leaf],
              split_type: [0, 0, 0],
              default_left: [0, 0, 0],
            },
          ],
        },
      },
    },
  };
}

export function tinyBundle(leaf = 0.5): Bundle {
  return {
    schema: BUNDLE_SCHEMA,
    dataset: 'bookings',
    target: TARGET,
    featuresVersion: bookingFeatures.version,
    contract: contractFingerprint(bookingFeatures),
    features: FEATURES.names,
    encodings: { rate: 0.2, tables: FEATURES.encodings.map(() => ({ keys: ['AKLDEL'], values: [0.1] })) },
    calibration: { intercept: 0, slope: 1 },
    ranges: FEATURES.numbers.map(() => [0, 400]),
    xgboost: JSON.stringify(tinyForest(leaf)),
  };
}
