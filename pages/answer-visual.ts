import type { ComparedPeriods } from '../core/dashboards/compared-periods.ts';
import type { DashboardSet, Visual } from '../core/dashboards/types.ts';
import { type Selection, type VisualSql, visualSql } from '../core/dashboards/visual-sql.ts';
import { askLake } from './ask-lake.ts';
import type { LakeState } from './lake-state.ts';
import { type VisualRow, visualRows } from './visual-rows.ts';

export type VisualAnswer = VisualSql & ({ readonly rows: readonly VisualRow[] } | { readonly error: string });

/** Runs the SQL of a visual. What goes wrong with one visual leaves the others alone. */
export async function answerVisual(
  set: DashboardSet,
  visual: Visual,
  lake: LakeState,
  selection: Selection,
  periods?: ComparedPeriods,
): Promise<VisualAnswer> {
  const asked = visualSql(set, visual, lake.views, selection, periods);
  try {
    const { columns, rows } = await askLake(lake, asked);
    return { ...asked, rows: visualRows(set, visual, columns, rows) };
  } catch (error) {
    return { ...asked, error: error instanceof Error ? error.message : String(error) };
  }
}
