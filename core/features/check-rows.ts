import { rocAuc } from '../model/metrics.ts';
import type { FeaturePlan, FeatureRow } from './feature-plan.ts';

/** Fewest rows to train on, and fewest of either answer of a target. */
const LEAST_ROWS = 1000;
const LEAST_LABELS = 100;
/** Beyond this ROC AUC of the place in the file, somebody who splits unshuffled rows is deceived. */
const ORDER_AUC = 0.53;

/**
 * Rows in the order of their files. Throws a sentence with the figure where no model can be learnt from them; returns
 * warnings, with the figure, where their order tells a target.
 */
export function checkRows(plan: FeaturePlan, rows: readonly FeatureRow[]): string[] {
  if (rows.length < LEAST_ROWS) {
    throw new Error(`found ${rows.length} rows to train on, expected at least ${LEAST_ROWS}: take more files in first`);
  }
  return plan.targets.flatMap(({ column }) => {
    const labels = Uint8Array.from(rows, (row) => (row[column] === true ? 1 : 0));
    const hits = labels.reduce((sum, label) => sum + label, 0);
    const fewest = Math.min(hits, rows.length - hits);
    if (fewest < LEAST_LABELS) {
      const answer = hits < rows.length - hits ? 'true' : 'false';
      throw new Error(`${column} is ${answer} in ${fewest} of ${rows.length} rows, expected at least ${LEAST_LABELS}`);
    }
    const auc = rocAuc(
      labels,
      Float64Array.from(rows, (_, row) => row),
    );
    if (Math.abs(auc - 0.5) <= ORDER_AUC - 0.5) return [];
    return [
      `the order of the file tells ${column}: the place of a row alone has a ROC AUC of ${auc.toFixed(3)}; folds are shuffled, so no figure here profits from it`,
    ];
  });
}
