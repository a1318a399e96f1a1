/** What a candidate must keep before it is published. */
import type { Evaluation } from './evaluation.ts';
import type { LeakEvidence } from './leak-evidence.ts';
import type { Metrics } from './metrics.ts';

export interface Refusal {
  readonly name:
    | 'no-better-than-base-rate'
    | 'no-better-than-champion'
    | 'mean-prediction-off'
    | 'leak-target-in-disguise'
    | 'leak-too-good'
    | 'leak-equal-rows-on-both-sides'
    | 'leak-encodings-saw-judging-rows'
    | 'group-much-worse';
  readonly message: string;
}

export interface Evidence {
  readonly evaluation: Evaluation;
  readonly leaks: LeakEvidence;
  /** Candidate and champion on rows that neither was trained on; absent without a champion that can be compared. */
  readonly exam?: { readonly candidate: Metrics; readonly champion: Metrics };
}

export const GATE = {
  /** A ROC AUC above this is a leak: the practical ceiling of the bookings is 0.80. */
  leakRocAuc: 0.83,
  /** Least by which a log loss must be lower than the champion's: one model computed twice differs by less. */
  betterBy: 1e-6,
  /** Most that the mean prediction may lie from the rate of the target. */
  meanOff: 0.01,
  /** The same within a group of rows. */
  groupMeanOff: 0.05,
  /** Most that a group's log loss may lie above that of its own rate, as a share. */
  groupLogLoss: 0.02,
} as const;

/** Empty where the candidate may be published. */
export function judge({ evaluation, leaks, exam }: Evidence): Refusal[] {
  const { metrics, baseline, groups } = evaluation;
  const refusals: Refusal[] = [];
  const refuse = (name: Refusal['name'], message: string) => refusals.push({ name, message });
  for (const { feature, rocAuc } of leaks.strongest) {
    if (rocAuc <= GATE.leakRocAuc) continue;
    refuse(
      'leak-target-in-disguise',
      `the feature ${feature} alone has a ROC AUC of ${figure(rocAuc)}, expected at most ${GATE.leakRocAuc}`,
    );
  }
  if (metrics.rocAuc > GATE.leakRocAuc) {
    refuse(
      'leak-too-good',
      `the ROC AUC is ${figure(metrics.rocAuc)}, expected at most ${GATE.leakRocAuc}: look for a leak`,
    );
  }
  if (leaks.sharedGroups > 0) {
    refuse(
      'leak-equal-rows-on-both-sides',
      `${leaks.sharedGroups} groups of equal rows are learnt from and judged, expected none`,
    );
  }
  if (leaks.foreignFeatures.length > 0) {
    refuse(
      'leak-encodings-saw-judging-rows',
      `${leaks.foreignFeatures.join(', ')} ${leaks.foreignFeatures.length > 1 ? 'have' : 'has'} values that training rows alone do not give`,
    );
  }
  if (!(metrics.logLoss < baseline.logLoss)) {
    refuse(
      'no-better-than-base-rate',
      `the log loss is ${figure(metrics.logLoss)}, the base rate alone has ${figure(baseline.logLoss)}`,
    );
  }
  if (exam !== undefined && !(exam.candidate.logLoss < exam.champion.logLoss - GATE.betterBy)) {
    refuse(
      'no-better-than-champion',
      `the log loss is ${figure(exam.candidate.logLoss)} on ${exam.candidate.rows} held-out rows, the champion has ${figure(exam.champion.logLoss)}`,
    );
  }
  if (!(Math.abs(metrics.meanPrediction - metrics.rate) <= GATE.meanOff)) {
    refuse(
      'mean-prediction-off',
      `the mean prediction is ${figure(metrics.meanPrediction)}, the rate ${figure(metrics.rate)}: expected within ${GATE.meanOff}`,
    );
  }
  for (const { column, value, metrics: own, baselineLogLoss } of groups) {
    const off = Math.abs(own.meanPrediction - own.rate);
    if (off <= GATE.groupMeanOff && own.logLoss <= baselineLogLoss * (1 + GATE.groupLogLoss)) continue;
    refuse(
      'group-much-worse',
      `${column} ${value}: log loss ${figure(own.logLoss)} (its own rate has ${figure(baselineLogLoss)}), mean prediction ${figure(own.meanPrediction)} of ${figure(own.rate)}`,
    );
  }
  return refusals;
}

function figure(value: number): string {
  return value.toFixed(4);
}
