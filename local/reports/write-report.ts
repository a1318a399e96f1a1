import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Report } from '../../pages/reports/gather-report.ts';
import { renderReport } from '../../pages/reports/render-report.ts';
import { ABOUT_CSV, csvName, csvTexts, ROW_LIMITS } from '../../pages/reports/report-files.ts';
import { reportSheets } from '../../pages/reports/report-sheets.ts';
import { UsageError } from '../exit-status.ts';
import { printPdf } from './print-pdf.ts';

export const REPORT_FORMATS = ['pdf', 'xlsx', 'csv', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Writes the report whole, under its name, or not at all. Gives the paths of what was written. */
export async function writeReport(
  report: Report,
  format: ReportFormat,
  out: string,
  limits = ROW_LIMITS,
): Promise<readonly string[]> {
  if (format === 'csv') return writeCsvFiles(report, out, limits.csv);
  const writers: Readonly<Record<Exclude<ReportFormat, 'csv'>, (part: string) => Promise<void>>> = {
    html: async (part) => writeFile(part, await renderReport(report, 'auto')),
    pdf: async (part) => printPdf(await renderReport(report, 'light'), part),
    xlsx: async (part) => writeFile(part, await reportSheets(report, limits.xlsx)),
  };
  await whole(out, writers[format]);
  return [out];
}

/** A folder with a file a visual and one about the report; or, for one visual, its file and one about it beside it. */
async function writeCsvFiles(report: Report, out: string, limit: number): Promise<readonly string[]> {
  const texts = csvTexts(report, limit);
  if (isCsvFile(out)) {
    const [only = ''] = [...texts].filter(([name]) => name !== ABOUT_CSV).map(([, text]) => text);
    const about = out.replace(/\.csv$/i, `.${ABOUT_CSV}`);
    await whole(out, (part) => writeFile(part, only));
    await whole(about, (part) => writeFile(part, texts.get(ABOUT_CSV) ?? ''));
    return [out, about];
  }
  const part = `${resolve(out)}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  for (const [name, text] of texts) await writeFile(join(part, name), text);
  await rm(out, { recursive: true, force: true });
  await rename(part, out);
  return [...texts.keys()].map((name) => join(out, name));
}

/** Throws where the path cannot take the report, before any work is done for it. */
export async function checkOut(out: string, format: ReportFormat, visualIds: readonly string[]): Promise<void> {
  if (format !== 'csv') return;
  if (isCsvFile(out) && visualIds.length !== 1)
    throw new UsageError(
      `a CSV file holds one visual: give --visual with one of ${visualIds.join(', ')}, or a folder as --out`,
    );
  if (!isCsvFile(out)) await checkFolder(out, visualIds);
}

/** Replaces a folder only where all that it holds are files of such a report. */
async function checkFolder(out: string, visualIds: readonly string[]): Promise<void> {
  const known = [ABOUT_CSV, ...visualIds.map(csvName)];
  const there = existsSync(out) ? await readdir(out) : [];
  const strange = there.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new UsageError(`'${out}' holds other things (${strange}): give a new folder as --out`);
}

const isCsvFile = (out: string) => /\.csv$/i.test(out);

async function whole(out: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${resolve(out)}.part`;
  try {
    await write(part);
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
