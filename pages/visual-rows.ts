import type { AnswerRow, AnswerValue } from '../core/answers/answer-value.ts';
import type { DashboardSet, Field, Visual } from '../core/dashboards/types.ts';

/** The rows of a visual, by column, with what may be shown of each. */
export interface VisualRow {
  readonly values: Readonly<Record<string, AnswerValue>>;
  /** Bookings behind the row; undefined where the visual tells none. */
  readonly sample: number | undefined;
  readonly isFaded: boolean;
  /** Too few bookings: values that were computed of them are not shown. */
  readonly isHidden: boolean;
  readonly isSimulated: boolean;
}

export function visualRows(
  { samples }: DashboardSet,
  visual: Visual,
  columns: readonly { readonly name: string }[],
  rows: readonly AnswerRow[],
): VisualRow[] {
  return rows.map((row) => {
    const values = Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]));
    const sample = visual.sample === undefined ? undefined : Number(values[visual.sample] ?? 0);
    return {
      values,
      sample,
      isFaded: sample !== undefined && sample < samples.faded,
      isHidden: sample !== undefined && sample < samples.hidden,
      isSimulated: visual.simulated !== undefined && values[visual.simulated] === true,
    };
  });
}

const COMPUTED = ['rate', 'points'];

/** The value of a field, or null where it is computed of too few bookings. */
export function shownValue({ values, isHidden }: VisualRow, { column, format }: Field): AnswerValue {
  return isHidden && COMPUTED.includes(format) ? null : (values[column] ?? null);
}

/** The same as a number to draw; undefined where there is none. */
export function shownNumber(row: VisualRow, field: Field): number | undefined {
  const value = shownValue(row, field);
  return value === null ? undefined : Number(value);
}
