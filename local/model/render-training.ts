/** Tables for the terminal: a candidate beside the base rate and the champion. */
import type { Metrics } from '../../core/model/metrics.ts';
import type { TargetReport } from '../../core/model/version.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import type { TrainSummary } from './train-model.ts';

export function renderTraining({ published, rows, targets, seconds }: TrainSummary): string {
  const [first] = Object.values(targets);
  const refused = Object.entries(targets).flatMap(([target, { refusals }]) =>
    refusals.map(({ name, message }) => `refused by the gate: ${target}: ${name}: ${message}`),
  );
  const times = Object.entries(seconds).map(([name, it]) => `${name} ${it.toFixed(1)} s`);
  return [
    `cross-validated on ${rows.toLocaleString('en')} rows: each row is judged by a model that was not trained on it`,
    renderModels(targets),
    ...(first === undefined ? [] : ['calibration of the first target', renderCalibration(first)]),
    ...refused,
    published === undefined
      ? 'nothing is published; the champion, if there is one, stays'
      : `published as ${published.version}; score with: npx laketwin score --input FILE --out FILE`,
    times.join(', '),
  ].join('\n');
}

export function renderModels(targets: Readonly<Record<string, TargetReport>>): string {
  const head = ['target', 'who', 'rows', 'rate', 'mean prediction', 'ROC AUC', 'PR AUC', 'log loss', 'Brier'];
  const lines = Object.entries(targets).flatMap(([target, { evaluation, exam }]) => [
    line(target, 'model, cross-validated', evaluation.metrics),
    line('', 'base rate', evaluation.baseline),
    line('', 'model on the exam', exam.candidate),
    ...(exam.champion === undefined ? [] : [line('', 'champion on the exam', exam.champion)]),
  ]);
  return renderTable(head, lines);
}

export function renderCalibration({ evaluation }: TargetReport): string {
  const head = ['tenth', 'rows', 'mean prediction', 'rate'];
  return renderTable(
    head,
    evaluation.calibration.map(({ band, rows, meanPrediction, rate }) => [band, rows, meanPrediction, rate]),
  );
}

function line(
  target: string,
  who: string,
  { rows, rate, meanPrediction, rocAuc, prAuc, logLoss, brier }: Metrics,
): Cell[] {
  return [target, who, rows, rate, meanPrediction, rocAuc, prAuc, logLoss, brier];
}
