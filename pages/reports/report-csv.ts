/** Reports as CSV, as the spreadsheets of each language read it. */

import { type AnswerValue, valueText } from '../../core/answers/answer-value.ts';
import { disarmedText } from '../../core/answers/disarmed-text.ts';
import type { Format, Language } from '../../core/dashboards/types.ts';
import { ValueFormat } from '../format-value.ts';
import { pageTexts } from '../page-texts.ts';
import { aboutReport, warningsOf } from './about-report.ts';
import type { Report } from './gather-report.ts';
import { type ReportCell, type ReportTable, TOO_FEW, TOTAL } from './report-table.ts';
import { reportTexts } from './report-texts.ts';

/** Without the mark, Excel reads UTF-8 as the code page of the machine. */
const BYTE_ORDER_MARK = '\ufeff';

/** French spreadsheets have the comma in their numbers, so that it cannot part cells. */
const FORMS: Readonly<Record<Language, { readonly separator: string; readonly point: string }>> = {
  en: { separator: ',', point: '.' },
  fr: { separator: ';', point: ',' },
};

/** A visual: a line of headings, then a line a row. Shares are from 0 to 1, days as 2026-01-31. */
export function visualCsv({ columns, rows }: ReportTable, { set, language }: Report): string {
  const cells = cellWriter(language, new ValueFormat(language, set.words));
  const cell = (value: ReportCell, format: Format) => {
    if (value === TOO_FEW) return `< ${set.samples.hidden}`;
    return value === TOTAL ? pageTexts(language).total : cells(value, format);
  };
  const line = rows.map((row) => row.map((value, at) => cell(value, columns[at]?.format ?? 'text')));
  return csvText([columns.map(({ label }) => cells(label, 'text')), ...line], language);
}

export interface WrittenVisual {
  readonly file: string;
  readonly title: string;
  readonly table: ReportTable;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the report states of itself, and a line a file. */
export function aboutCsv(report: Report, written: readonly WrittenVisual[]): string {
  const { language, set } = report;
  const texts = reportTexts(language);
  const cells = cellWriter(language, new ValueFormat(language, set.words));
  const text = (value: string) => cells(value, 'text');
  const head = [texts.file, texts.visual, texts.written, texts.rows, texts.note, 'SQL', pageTexts(language).parameters];
  return csvText(
    [
      ...aboutReport(report).map(({ label, value, format }) => [text(label), cells(value, format)]),
      ...[...warningsOf(report), texts.shares].map((note) => [text(texts.note), text(note)]),
      [''],
      head.map(text),
      ...written.map(({ file, title, table, sql, parameters }) => [
        text(file),
        text(title),
        cells(table.rows.length, 'count'),
        cells(table.total, 'count'),
        text(table.total > table.rows.length ? texts.cut : ''),
        text(sql),
        text(
          Object.entries(parameters)
            .map(([name, value]) => `${name}=${value}`)
            .join('\n'),
        ),
      ]),
    ],
    language,
  );
}

type WriteCell = (value: AnswerValue, format: Format) => string;

function cellWriter(language: Language, words: ValueFormat): WriteCell {
  const { point } = FORMS[language];
  const texts = pageTexts(language);
  const number = (value: AnswerValue) => valueText(value).replace('.', point);
  const same = (value: AnswerValue) => valueText(value);
  const writers: Readonly<Record<Format, (value: AnswerValue) => string>> = {
    text: (value) => disarmedText(words.value(value, 'text')),
    count: same,
    number,
    index: number,
    rate: number,
    points: number,
    hours: number,
    day: same,
    month: same,
    instant: same,
    yes: (value) => (value === true ? texts.yes : texts.no),
  };
  return (value, format) => (value === null ? '' : writers[format](value));
}

function csvText(lines: readonly (readonly string[])[], language: Language): string {
  const { separator } = FORMS[language];
  const isPlain = (cell: string) => !/["\r\n]/.test(cell) && !cell.includes(separator);
  const quoted = (cell: string) => (isPlain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`);
  return `${BYTE_ORDER_MARK}${lines.map((line) => `${line.map(quoted).join(separator)}\r\n`).join('')}`;
}
