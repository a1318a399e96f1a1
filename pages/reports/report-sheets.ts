/** Reports as an Excel file: a sheet that says what it is, then a sheet a visual, with typed cells. */
import writeExcelFile from 'write-excel-file/node';
import { type AnswerValue, valueText } from '../../core/answers/answer-value.ts';
import type { Format } from '../../core/dashboards/types.ts';
import { timeOf, ValueFormat } from '../format-value.ts';
import { pageTexts } from '../page-texts.ts';
import { aboutReport, warningsOf } from './about-report.ts';
import type { Report, ReportedVisual } from './gather-report.ts';
import { type ReportCell, type ReportTable, reportTable, TOO_FEW, TOTAL } from './report-table.ts';
import { reportTexts } from './report-texts.ts';

/** Excel's own limits. */
const CELL_LENGTH = 32_767;
const NAME_LENGTH = 31;
const WIDEST = 60;

const FORMATS: Readonly<Partial<Record<Format, string>>> = {
  count: '#,##0',
  number: '#,##0.0',
  index: '0.000',
  rate: '0.0%',
  points: '+0.00" pt";-0.00" pt";0.00" pt"',
  hours: '#,##0.0',
  day: 'yyyy-mm-dd',
  month: 'yyyy-mm',
  instant: 'yyyy-mm-dd hh:mm',
};
const TIMES: readonly Format[] = ['day', 'month', 'instant'];

/** The sheets are written at most `rowLimit` rows long. */
export async function reportSheets(report: Report, rowLimit: number): Promise<Uint8Array> {
  const visuals = report.sheets.flatMap((sheet) => sheet.visuals);
  const names = sheetNames([
    reportTexts(report.language).aboutSheet,
    ...visuals.map(({ visual }) => visual.title[report.language]),
  ]);
  const tables = visuals.map(({ visual, answer }) =>
    reportTable(report.set, visual, 'rows' in answer ? answer.rows : [], report.language, rowLimit),
  );
  const sheets = [
    aboutSheet(report, names, visuals, tables),
    ...tables.map((table, at) => visualSheet(table, names[at + 1] ?? '', report)),
  ];
  return writeExcelFile(sheets).toBuffer();
}

function aboutSheet(
  report: Report,
  names: readonly string[],
  visuals: readonly ReportedVisual[],
  tables: readonly ReportTable[],
) {
  const { language } = report;
  const texts = reportTexts(language);
  const cell = cellWriter(report);
  const facts = aboutReport(report).map(({ label, value, format }) => [heading(label), cell(value, format)]);
  const warnings = warningsOf(report).map((warning) => [heading(texts.note), text(warning)]);
  const head = [
    texts.sheet,
    texts.question,
    texts.written,
    texts.rows,
    texts.note,
    'SQL',
    pageTexts(language).parameters,
  ];
  const lines = visuals.map(({ visual, answer, isOverall }, at) => {
    const { rows = [], total = 0 } = tables[at] ?? {};
    const notes = [
      ...('error' in answer ? [`${pageTexts(language).failed}: ${answer.error}`] : []),
      ...(total > rows.length ? [texts.cut] : []),
      ...(isOverall ? [texts.overall] : []),
    ];
    const bound = Object.entries(answer.parameters).map(([name, value]) => `${name}=${value}`);
    return [
      text(names[at + 1] ?? ''),
      text(visual.question[language]),
      cell(rows.length, 'count'),
      cell(total, 'count'),
      text(notes.join('; ')),
      text(answer.sql),
      text(bound.join('\n')),
    ];
  });
  return {
    sheet: names[0] ?? '',
    data: [...facts, ...warnings, [], head.map(heading), ...lines],
    columns: [34, 40, 12, 12, 40, WIDEST, 30].map((width) => ({ width })),
  };
}

function visualSheet({ columns, rows }: ReportTable, sheet: string, report: Report) {
  const cell = cellWriter(report);
  const widths = columns.map(({ label }) => ({ width: Math.min(WIDEST, Math.max(14, label.length + 2)) }));
  const lines = rows.map((row) => row.map((value, at) => cell(value, columns[at]?.format ?? 'text')));
  return { sheet, data: [columns.map(({ label }) => heading(label)), ...lines], columns: widths, stickyRowsCount: 1 };
}

const heading = (label: string) => ({ value: label, type: String, fontWeight: 'bold' as const });
/** Text stays text whatever it begins with, so that no cell can become a formula. */
const text = (value: string) => (value === '' ? null : { value: value.slice(0, CELL_LENGTH), type: String });

function cellWriter({ set, language }: Report) {
  const words = new ValueFormat(language, set.words);
  return (value: ReportCell, format: Format) => {
    if (value === null) return null;
    if (value === TOO_FEW) return text(`< ${set.samples.hidden}`);
    if (value === TOTAL) return text(pageTexts(language).total);
    if (format === 'yes') return { value: value === true, type: Boolean };
    const shape = FORMATS[format];
    if (shape === undefined) return text(words.value(value, format));
    if (TIMES.includes(format)) return timeCell(value, shape);
    return numberCell(format === 'points' ? 100 * Number(value) : value, shape);
  };
}

function timeCell(value: AnswerValue, format: string) {
  const time = timeOf(value);
  // Excel's days begin in 1900 and have a February 29th that year.
  return time >= Date.UTC(1900, 2, 1) ? { value: new Date(time), type: Date, format } : text(valueText(value));
}

function numberCell(value: AnswerValue, format: string) {
  return Number.isFinite(Number(value)) ? { value: Number(value), type: Number, format } : text(valueText(value));
}

/** Names that Excel takes, each once. */
function sheetNames(titles: readonly string[]): string[] {
  const taken = new Set<string>();
  return titles.map((title) => {
    const plain = title
      .replace(/[[\]:*?/\\]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    let name = plain.slice(0, NAME_LENGTH).trim();
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
      const end = ` ${number}`;
      name = `${plain.slice(0, NAME_LENGTH - end.length).trim()}${end}`;
    }
    taken.add(name.toLowerCase());
    return name;
  });
}
