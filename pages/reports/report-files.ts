/** A report as files, by the names that they have in a folder of their own. */
import type { Report } from './gather-report.ts';
import { renderReport } from './render-report.ts';
import { aboutCsv, visualCsv, type WrittenVisual } from './report-csv.ts';
import { reportSheets } from './report-sheets.ts';
import { reportTable } from './report-table.ts';

/** Most rows of a visual in each form that spreadsheets open. */
export const ROW_LIMITS: Readonly<Record<'xlsx' | 'csv', number>> = { xlsx: 10_000, csv: 100_000 };

export interface ReportFile {
  /** As `report.html` or `csv/about.csv`. */
  readonly name: string;
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

/** Every form that needs no browser to be made. */
export async function reportFiles(report: Report): Promise<readonly ReportFile[]> {
  const csv = [...csvTexts(report, ROW_LIMITS.csv)];
  return [
    { name: 'report.html', contentType: 'text/html; charset=utf-8', body: await renderReport(report, 'auto') },
    {
      name: 'report.xlsx',
      contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await reportSheets(report, ROW_LIMITS.xlsx),
    },
    ...csv.map(([name, body]) => ({ name: `csv/${name}`, contentType: 'text/csv; charset=utf-8', body })),
  ];
}

export const ABOUT_CSV = 'about.csv';

/** A file a visual, and one about the report, by name. */
export function csvTexts(report: Report, limit: number): ReadonlyMap<string, string> {
  const files = csvFiles(report, limit);
  return new Map([
    [ABOUT_CSV, aboutCsv(report, files)],
    ...files.map((one) => [one.file, visualCsv(one.table, report)] as const),
  ]);
}

export function csvName(visualId: string): string {
  return `${visualId}.csv`;
}

function csvFiles({ set, sheets, language }: Report, limit: number): WrittenVisual[] {
  return sheets
    .flatMap(({ visuals }) => visuals)
    .map(({ visual, answer }) => ({
      file: csvName(visual.id),
      title: visual.title[language],
      table: reportTable(set, visual, 'rows' in answer ? answer.rows : [], language, limit),
      sql: answer.sql,
      parameters: answer.parameters,
    }));
}
