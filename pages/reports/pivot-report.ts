/** A pivot as a spreadsheet has it: a column a key, each rate beside its number of bookings, lines of totals. */
import type { DashboardSet, Language, Pivot } from '../../core/dashboards/types.ts';
import { ValueFormat } from '../format-value.ts';
import { pageTexts } from '../page-texts.ts';
import { type PivotCell, type PivotLine, pivotTable } from '../pivot-lines.ts';
import type { VisualRow } from '../visual-rows.ts';
import { type ReportCell, type ReportTable, TOO_FEW, TOTAL } from './report-table.ts';

/** At most `limit` lines, the last of them the total. */
export function pivotReport(
  set: DashboardSet,
  visual: Pivot,
  rows: readonly VisualRow[],
  language: Language,
  limit: number,
): ReportTable {
  const texts = pageTexts(language);
  const format = new ValueFormat(language, set.words);
  const { columns, groups, total } = pivotTable(set, visual, rows);
  const { value, sample } = visual;
  const keys = columns.map((key) => format.value(key, visual.columns.format));
  const labels = [...keys, visual.top === undefined ? texts.total : texts.totalShown];
  const lines = groups.flatMap((group) => [...group.lines, ...(group.subtotal === undefined ? [] : [group.subtotal])]);
  const all = rows.length === 0 ? [] : [...lines, total];
  return {
    columns: [
      ...visual.rows.map(({ label, format: as }) => ({ label: label[language], format: as })),
      ...labels.flatMap((label) => [
        { label, format: value.format },
        ...(sample === undefined ? [] : [{ label: `${label}, ${texts.sample}`, format: 'count' as const }]),
      ]),
    ],
    rows: all.slice(0, limit).map((line) => lineCells(visual, line)),
    total: all.length,
  };
}

function lineCells({ rows, sample }: Pivot, { keys, cells, total }: PivotLine): ReportCell[] {
  const names = rows.map((_, at) => (at < keys.length ? (keys[at] ?? null) : at === keys.length ? TOTAL : null));
  const shown = ({ value, sample: number, isHidden }: PivotCell): ReportCell[] => [
    isHidden ? TOO_FEW : (value ?? null),
    ...(sample === undefined ? [] : [number ?? null]),
  ];
  return [...names, ...[...cells, total].flatMap(shown)];
}
