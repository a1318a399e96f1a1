import { datasetNamed } from '../../datasets/index.ts';
import { type BackfillSummary, backfillLake } from '../backfill.ts';
import { dayRange } from '../day-range.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openProgress } from '../terminal/progress.ts';
import { startInCloud } from './start-in-cloud.ts';

export interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly dataset: string;
  readonly lake: string;
  /** Name of a deployed environment, whose machine does it in the place of this one. */
  readonly env?: string;
  readonly despite?: readonly string[];
  readonly json?: boolean;
}

/** Processes a range of days again by the rules of today, and says what that changed. */
export async function backfill({ json, env, ...options }: BackfillOptions): Promise<ExitStatus> {
  const dataset = datasetNamed(options.dataset);
  if (env !== undefined) {
    const asked = { backfill: dayRange(options.from, options.to) };
    return startInCloud({ environment: env, dataset: dataset.name, asked, despite: options.despite, json });
  }
  const progress = openProgress();
  let summary: BackfillSummary;
  try {
    summary = await backfillLake({ ...options, dataset, now: () => new Date(), progress });
  } finally {
    progress.abort();
  }
  for (const line of told(summary)) console.error(line);
  if (json) console.log(JSON.stringify(summary, null, 2));
  return summary.rejected > summary.rowsIn * dataset.maxRejectedShare ? EXIT.aboveLimit : EXIT.done;
}

function told(summary: BackfillSummary): string[] {
  const { from, to, objects, streamEntries, replaysDropped, rowsIn, accepted, rejected, duplicates } = summary;
  const count = (n: number) => n.toLocaleString('en');
  const of = (outcome: string) => count(objects.filter((object) => object.outcome === outcome).length);
  return [
    `${from} to ${to}: ${of('replaced')} objects replaced, ${of('unchanged')} the same as before`,
    `${count(rowsIn)} rows in = ${count(accepted)} accepted + ${count(rejected)} rejected + ${count(duplicates)} duplicates`,
    ...objects.flatMap(({ name, day, outcome, why }) =>
      why === undefined ? [] : [`warning: ${name} of ${day} stays as it is, ${outcome}: ${why}`],
    ),
    ...(streamEntries > 0 ? [`${count(streamEntries)} parts of a stream have no raw file and stay as they are`] : []),
    ...(replaysDropped > 0 ? [`${count(replaysDropped)} replays are dropped, for their objects were judged anew`] : []),
  ];
}
