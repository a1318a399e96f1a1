/** The rows of a visual as a table of typed cells, for spreadsheets. */

import type { AnswerValue } from '../../core/answers/answer-value.ts';
import {
  type DashboardSet,
  type Field,
  type Format,
  fieldsOf,
  type Language,
  type Visual,
} from '../../core/dashboards/types.ts';
import { pageTexts } from '../page-texts.ts';
import { shownValue, type VisualRow } from '../visual-rows.ts';
import { pivotReport } from './pivot-report.ts';
import { reportTexts } from './report-texts.ts';

/** Stands in the place of a value that was computed of too few bookings to be shown. */
export const TOO_FEW = Symbol('too few bookings');

/** Stands in the place of a key, in a line that adds up all of them. */
export const TOTAL = Symbol('total');

export type ReportCell = AnswerValue | typeof TOO_FEW | typeof TOTAL;

export interface ReportColumn {
  readonly label: string;
  readonly format: Format;
}

interface MadeColumn extends ReportColumn {
  readonly cell: (row: VisualRow) => ReportCell;
}

export interface ReportTable {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly ReportCell[])[];
  /** Rows that there are, of which `rows` are the first. */
  readonly total: number;
}

/** At most `limit` rows. */
export function reportTable(
  set: DashboardSet,
  visual: Visual,
  rows: readonly VisualRow[],
  language: Language,
  limit: number,
): ReportTable {
  if (visual.kind === 'pivot') return pivotReport(set, visual, rows, language, limit);
  const columns = columnsOf(visual, language);
  return {
    columns,
    rows: rows.slice(0, limit).map((row) => columns.map(({ cell }) => cell(row))),
    total: rows.length,
  };
}

/** The days of compared periods, the fields, and what measures them: interval, sample, simulated dates. */
function columnsOf(visual: Visual, language: Language): MadeColumn[] {
  const [texts, page] = [reportTexts(language), pageTexts(language)];
  const { sample, interval, simulated } = visual;
  const fields = [...periodFields(visual), ...fieldsOf(visual)];
  const plain = (column: string, label: string, format: Format): MadeColumn => ({
    label,
    format,
    cell: ({ values }) => values[column] ?? null,
  });
  const bound = (column: string, label: string, { label: of, format }: Field): MadeColumn => ({
    label: `${of[language]}, ${label}`,
    format,
    cell: ({ values, isHidden }) => (isHidden ? TOO_FEW : (values[column] ?? null)),
  });
  const measured = fields.find(({ format }) => format === 'rate' || format === 'points');
  const hasSample = sample !== undefined && !fields.some(({ column }) => column === sample);
  return [
    ...fields.map((field) => fieldColumn(field, language)),
    ...(interval === undefined || measured === undefined
      ? []
      : [bound(interval.low, texts.low, measured), bound(interval.high, texts.high, measured)]),
    ...(hasSample ? [plain(sample, page.sample, 'count')] : []),
    ...(simulated === undefined ? [] : [plain(simulated, page.simulated, 'yes')]),
  ];
}

function fieldColumn(field: Field, language: Language): MadeColumn {
  const cell = (row: VisualRow) =>
    row.isHidden && shownValue(row, field) === null && row.values[field.column] !== null
      ? TOO_FEW
      : shownValue(row, field);
  return { label: field.label[language], format: field.format, cell };
}

function periodFields(visual: Visual): Field[] {
  if (visual.kind !== 'kpi' || visual.comparison === undefined) return [];
  return [
    { column: visual.comparison.first, label: { en: 'From', fr: 'Du' }, format: 'day' },
    { column: visual.comparison.last, label: { en: 'To', fr: 'Au' }, format: 'day' },
  ];
}
