import { type AnswerValue, valueText } from '../core/answers/answer-value.ts';
import type { DashboardSet, Pivot } from '../core/dashboards/types.ts';
import type { VisualRow } from './visual-rows.ts';

/** What some bookings add up to. */
export interface PivotCell {
  /** Undefined where there is nothing to add, or too few bookings to compute of. */
  readonly value: number | undefined;
  /** Bookings behind it; undefined where the visual tells none. */
  readonly sample: number | undefined;
  readonly isFaded: boolean;
  readonly isHidden: boolean;
}

export interface PivotLine {
  /** The keys of its rows, the outer first: all of a row, the outer alone of a subtotal, none of the total. */
  readonly keys: readonly AnswerValue[];
  /** In the order of the columns. */
  readonly cells: readonly PivotCell[];
  /** Over all columns. */
  readonly total: PivotCell;
}

/** The lines below one key of the outer rows; where there is one field of rows, all of them. */
export interface PivotGroup {
  readonly lines: readonly PivotLine[];
  /** Undefined where it would say what the total says. */
  readonly subtotal: PivotLine | undefined;
}

export interface PivotTable {
  readonly columns: readonly AnswerValue[];
  readonly groups: readonly PivotGroup[];
  readonly total: PivotLine;
}

/** The cells of a pivot as rows and columns with their totals: counts added, rates computed anew, never averaged. */
export function pivotTable(set: DashboardSet, visual: Pivot, rows: readonly VisualRow[]): PivotTable {
  const columns = columnKeys(visual, rows);
  const line = (keys: readonly AnswerValue[], own: readonly VisualRow[]): PivotLine => ({
    keys,
    cells: columns.map((key) =>
      cellOf(
        set,
        visual,
        own.filter((row) => isOf(row, visual.columns.column, key)),
      ),
    ),
    total: cellOf(set, visual, own),
  });
  const [outer, inner] = visual.rows;
  const linesOf = (above: readonly AnswerValue[], column: string, own: readonly VisualRow[]) =>
    grouped(own, column).map(([key, within]) => line([...above, key], within));
  const outers = inner === undefined ? [] : grouped(rows, outer.column);
  const groups =
    inner === undefined
      ? [{ lines: linesOf([], outer.column, rows), subtotal: undefined }]
      : outers.map(([key, own]) => ({
          lines: linesOf([key], inner.column, own),
          subtotal: outers.length > 1 ? line([key], own) : undefined,
        }));
  return { columns, groups, total: line([], rows) };
}

function cellOf({ samples }: DashboardSet, { value, numerator, sample }: Pivot, rows: readonly VisualRow[]): PivotCell {
  const added = (column: string) => rows.reduce((sum, { values }) => sum + Number(values[column] ?? 0), 0);
  const number = sample === undefined ? undefined : added(sample);
  const isRate = value.format === 'rate' && numerator !== undefined;
  const isHidden = isRate && rows.length > 0 && (number ?? 0) < samples.hidden;
  return {
    value: rows.length === 0 || isHidden ? undefined : isRate ? added(numerator) / (number ?? 0) : added(value.column),
    sample: rows.length === 0 ? undefined : number,
    isFaded: rows.length > 0 && number !== undefined && number < samples.faded,
    isHidden,
  };
}

/** In the order in which the row tells them that has the most, since others may lack some. */
function columnKeys({ rows: [outer, inner], columns }: Pivot, rows: readonly VisualRow[]): AnswerValue[] {
  const lines = grouped(rows, outer.column).flatMap(([, own]) =>
    inner === undefined ? [own] : grouped(own, inner.column).map(([, within]) => within),
  );
  const fullest = [...lines].sort((a, b) => b.length - a.length);
  return grouped(fullest.flat(), columns.column).map(([key]) => key);
}

/** Rows by a column, in the order in which its values come first. */
function grouped(rows: readonly VisualRow[], column: string): (readonly [AnswerValue, readonly VisualRow[]])[] {
  const groups = new Map<string, [AnswerValue, VisualRow[]]>();
  for (const row of rows) {
    const key = row.values[column] ?? null;
    const known = groups.get(textOf(key));
    if (known === undefined) groups.set(textOf(key), [key, [row]]);
    else known[1].push(row);
  }
  return [...groups.values()];
}

function isOf({ values }: VisualRow, column: string, key: AnswerValue): boolean {
  return textOf(values[column] ?? null) === textOf(key);
}

function textOf(key: AnswerValue): string {
  return key === null ? 'null' : `=${valueText(key)}`;
}
