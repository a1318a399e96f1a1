import type { ComparedPeriods } from '../../core/dashboards/compared-periods.ts';
import type { DashboardSet, Visual } from '../../core/dashboards/types.ts';
import { type Selection, type VisualSql, visualSql } from '../../core/dashboards/visual-sql.ts';
import { askLake } from './ask-lake.ts';
import type { Snapshot } from './page-lake.ts';
import { type VisualRow, visualRows } from './visual-rows.ts';

export type VisualAnswer = VisualSql & ({ readonly rows: readonly VisualRow[] } | { readonly error: string });

/** Runs the SQL of a visual. What goes wrong with one visual leaves the others alone. */
export async function answerVisual(
  set: DashboardSet,
  visual: Visual,
  snapshot: Snapshot,
  selection: Selection,
  periods?: ComparedPeriods,
): Promise<VisualAnswer> {
  const asked = visualSql(set, visual, snapshot.views, selection, periods);
  try {
    const { columns, rows } = await askLake(snapshot, asked);
    return { ...asked, rows: visualRows(set, visual, columns, rows) };
  } catch (error) {
    return { ...asked, error: error instanceof Error ? error.message : String(error) };
  }
}
