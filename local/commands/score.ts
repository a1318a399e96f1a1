import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { type ScoreSummary, scoreFile } from '../model/score-file.ts';

export interface ScoreOptions {
  readonly input: string;
  readonly out: string;
  readonly lake: string;
  readonly json?: boolean;
}

/** Scores a file with the published model of a lake; says what was rejected or is strange. */
export async function score(options: ScoreOptions): Promise<ExitStatus> {
  const { input, out, lake } = options;
  if (!/\.(csv|parquet)$/.test(out)) throw new UsageError(`found --out ${out}, expected a name in .csv or .parquet`);
  const summary = await scoreFile({ input, out, lake, plan: bookingFeatures, now: () => new Date() });
  console.log(options.json ? JSON.stringify({ ...summary, out }, null, 2) : account(summary, out));
  const most = bookingFeatures.dataset.maxRejectedShare;
  return summary.rejected > summary.rowsIn * most ? EXIT.aboveLimit : EXIT.done;
}

function account(summary: ScoreSummary, out: string): string {
  const { scored, rowsIn, rejected, rejectedByReason, flagged, meanProbability, version, warnings, seconds } = summary;
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .sort((a, b) => b[1] - a[1])
      .map(([name, rows]) => `  ${name}: ${rows.toLocaleString('en')}`);
  return [
    `${scored.toLocaleString('en')} of ${rowsIn.toLocaleString('en')} rows scored by ${version} in ${seconds.toFixed(1)} s, written to ${out}`,
    ...(meanProbability === undefined ? [] : [`mean completion probability ${meanProbability.toFixed(4)}`]),
    ...(rejected === 0
      ? []
      : [`${rejected.toLocaleString('en')} rows rejected, by reason:`, ...counts(rejectedByReason)]),
    ...(Object.keys(flagged).length === 0 ? [] : ['rows scored with a flag:', ...counts(flagged)]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}
