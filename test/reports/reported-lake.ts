/** A lake of generated bookings with scores, two of whose countries bear names that would do harm where they could. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bookings } from '../../datasets/bookings/contract.ts';
import { bookingDashboards as set } from '../../datasets/bookings/dashboards.ts';
import { generateFile } from '../../local/generate-file.ts';
import { ensurePython } from '../../local/python.ts';
import { type ReportRequest, reportAsk } from '../../local/reports/report-ask.ts';
import { runLake } from '../../local/runner.ts';
import { PageLake } from '../../local/serve/page-lake.ts';
import { gatherReport } from '../../pages/reports/gather-report.ts';
import { scoreLake } from '../engines/scored-lake.ts';

export const NOW = new Date('2026-11-21T07:00:00.000Z');
export const FORMULA = '=HYPERLINK(1)';
export const MARKUP = '<script>alert(1)</script>';

export async function reportedLake(rows: number) {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-reports-'));
  const [lake, input] = [join(folder, 'lake'), join(folder, 'bookings.csv')];
  await generateFile({ dataset: bookings, out: input, rows, seed: 1, dirty: 0.02 });
  const text = await readFile(input, 'utf8');
  await writeFile(input, text.replaceAll(',Australia,', `,${FORMULA},`).replaceAll(',Malaysia,', `,${MARKUP},`));
  await runLake({ lake, dataset: bookings, inputs: [input], now: () => NOW });
  await scoreLake(lake, '2026-11-20');
  const pages = await PageLake.open(lake, set.table);
  return {
    folder,
    lake,
    gather: (request: ReportRequest, now = NOW) =>
      pages.read((snapshot) => gatherReport(set, reportAsk(set, request, now), snapshot, now)),
    ask: (sql: string, parameters: Readonly<Record<string, string>> = {}) =>
      pages.read(async (lake) => (await lake.ask(sql, parameters)).rows),
    end: async () => {
      await pages.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface PdfRead {
  readonly pages: readonly string[];
  readonly language: string | null;
  readonly isMarked: boolean;
  readonly showsTitle: boolean;
  readonly title: string;
  readonly alternatives: readonly (string | null)[];
  readonly tags: readonly string[];
  readonly landscape: boolean;
}
/** By sheet and row: type (`n` number, `s` text, `d` time, `b` boolean, `f` formula), value and format of a cell. */
export type SheetsRead = Readonly<
  Record<string, readonly (readonly (readonly [string, string | number | boolean | null, string])[])[]>
>;
export interface CsvRead {
  readonly hasMark: boolean;
  readonly rows: readonly (readonly string[])[];
}

/** Reads files with pypdf, openpyxl and Python's csv. */
export function readReport(kind: 'pdf', path: string): PdfRead;
export function readReport(kind: 'xlsx', path: string): SheetsRead;
export function readReport(kind: 'en.csv' | 'fr.csv', path: string): CsvRead;
export function readReport(kind: string, path: string): unknown {
  const script = fileURLToPath(new URL('./read_reports.py', import.meta.url));
  const python = ensurePython('test/reports/requirements.txt');
  const said = execFileSync(python, [script, `${kind}:${path}`], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return (JSON.parse(said) as Record<string, unknown>)[path];
}
