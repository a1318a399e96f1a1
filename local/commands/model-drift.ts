import type { DayOfFeedback } from '../../core/model/feedback.ts';
import type { ModelDrift, ModelMetric } from '../../core/model/score-tables.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { scoreLake } from '../model/score-lake.ts';
import { type Cell, renderTable } from '../terminal/table.ts';

export interface DriftOptions {
  readonly lake: string;
  readonly json?: boolean;
}

/** Judges the champion by the outcomes that the lake has by now; ends with 1 where something rings on the last day. */
export async function showDrift({ lake, json }: DriftOptions): Promise<ExitStatus> {
  const { version, judged, days, alarms } = await scoreLake({ lake, plan: bookingFeatures, now: () => new Date() });
  const last = days.filter(({ drift }) => drift.length > 0).at(-1);
  if (json) console.log(JSON.stringify({ version, judged, alarms, last }, withoutBigInt, 2));
  else {
    console.log(
      [
        `${version}, judged by ${judged.toLocaleString('en')} bookings that it did not learn from`,
        renderTable(QUALITY, days.flatMap(qualityOf)),
        ...(last === undefined ? ['nothing to compare yet'] : [last.day, renderTable(DRIFT, last.drift.map(driftOf))]),
        ...alarms.map((alarm) => `ALARM ${alarm}`),
      ].join('\n'),
    );
  }
  return alarms.length > 0 ? EXIT.failed : EXIT.done;
}

const QUALITY = ['day', 'judged by', 'bookings', 'ROC AUC', 'log loss', 'Brier', 'mean prediction', 'completed'];
const DRIFT = ['what', 'name', 'PSI', 'in training', 'found', 'change', 'alarm'];

function qualityOf({ day, metrics }: DayOfFeedback): Cell[][] {
  const all = (metric: ModelMetric) => metric.decile === null;
  return metrics.filter(all).map((it) => {
    return [
      ...[day, it.basis, Number(it.bookings), it.roc_auc, it.log_loss, it.brier],
      ...[it.mean_prediction, it.completion_rate],
    ];
  });
}

function driftOf({ kind, name, psi, baseline, found, change, is_alarm }: ModelDrift): Cell[] {
  return [kind, name, psi, baseline, found, change, is_alarm ? 'ALARM' : ''];
}

function withoutBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
