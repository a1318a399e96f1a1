import { existsSync } from 'node:fs';
import { dashboardsOf } from '../../datasets/dashboards.ts';
import { warningsOf } from '../../pages/reports/about-report.ts';
import { gatherReport, type Report } from '../../pages/reports/gather-report.ts';
import { ROW_LIMITS } from '../../pages/reports/report-files.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { type ReportRequest, reportAsk } from '../reports/report-ask.ts';
import { checkOut, type ReportFormat, writeReport } from '../reports/write-report.ts';
import { PageLake } from '../serve/page-lake.ts';

export interface ReportOptions extends ReportRequest {
  readonly dataset: string;
  readonly lake: string;
  readonly format: ReportFormat;
  readonly out: string;
  readonly json?: boolean;
}

/** Writes what a role reads, from the same description as its dashboard. */
export async function report(options: ReportOptions): Promise<ExitStatus> {
  const { dataset, lake, format, out } = options;
  const set = dashboardsOf(dataset);
  const now = new Date();
  const ask = reportAsk(set, options, now);
  const visuals = ask.dashboard.sheets.flatMap((sheet) => sheet.visuals);
  await checkOut(
    out,
    format,
    visuals.map(({ id }) => id),
  );
  if (!existsSync(lake))
    throw new Error(`there is no lake in '${lake}': take a file in first, as in npx laketwin run --no-serve`);
  const pages = await PageLake.open(lake, set.table);
  try {
    const made = await pages.read((snapshot) => gatherReport(set, ask, snapshot, now));
    if (made.facts.bookings === 0)
      throw new Error(`there is nothing in the lake '${lake}' yet: take a file in, as in npx laketwin run --no-serve`);
    tell(made, await writeReport(made, format, out), options);
  } finally {
    await pages.close();
  }
  return EXIT.done;
}

function tell(made: Report, files: readonly string[], { format, json }: ReportOptions): void {
  const answers = made.sheets.flatMap(({ visuals }) => visuals);
  const failed = answers.filter(({ answer }) => 'error' in answer).map(({ visual }) => visual.id);
  const limit = format === 'csv' || format === 'xlsx' ? ROW_LIMITS[format] : Number.POSITIVE_INFINITY;
  const cut = answers.filter(({ answer }) => 'rows' in answer && answer.rows.length > limit);
  const notes = [
    ...warningsOf(made),
    ...failed.map((id) => `the visual ${id} could not be computed`),
    ...cut.map(
      ({ visual }) =>
        `the visual ${visual.id} has more than ${limit} rows: npx laketwin query --format parquet takes its SQL, which the report states`,
    ),
  ];
  if (json) {
    const { period, before, facts, dashboard, language } = made;
    const chosen = { rows: facts.chosen, of: facts.bookings, lastIngested: facts.lastIngested };
    const of = { dashboard: dashboard.id, language, period: period?.name, comparedWith: before?.name };
    console.log(JSON.stringify({ files, ...of, ...chosen, visuals: answers.length, failed, notes }, null, 2));
    return;
  }
  for (const note of notes) console.error(note);
  console.log(
    `${made.facts.chosen} of ${made.facts.bookings} bookings, ${answers.length} visuals, written to ${files.join(', ')}`,
  );
}
