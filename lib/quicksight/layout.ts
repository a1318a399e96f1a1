import type { GridLayoutElement, Layout, SheetControlLayout } from '@aws-sdk/client-quicksight';
import type { Visual, VisualKind } from '../../core/dashboards/types.ts';

/** Columns of QuickSight's grid. */
export const GRID_COLUMNS = 36;

/** Columns and rows of the grid that a visual takes. */
const SIZES: Readonly<Record<VisualKind, readonly [number, number]>> = {
  kpi: [12, 6],
  line: [18, 12],
  bar: [18, 12],
  'heat map': [36, 12],
  table: [36, 10],
  pivot: [18, 12],
  scatter: [18, 12],
};
const NOTE_ROWS = 3;

/** Notes above, visuals in their order from left to right; a row is as high as its highest. */
export function layout(noteId: string, visuals: readonly Visual[]): Layout {
  const Elements: GridLayoutElement[] = [element(noteId, 'TEXT_BOX', [0, 0], [GRID_COLUMNS, NOTE_ROWS])];
  let [column, row, height] = [0, NOTE_ROWS, 0];
  for (const { id, kind } of visuals) {
    const [width, rows] = SIZES[kind];
    if (column + width > GRID_COLUMNS) [column, row, height] = [0, row + height, 0];
    Elements.push(element(id, 'VISUAL', [column, row], [width, rows]));
    column += width;
    height = Math.max(height, rows);
  }
  return {
    Configuration: {
      GridLayout: {
        Elements,
        CanvasSizeOptions: { ScreenCanvasSizeOptions: { ResizeOption: 'FIXED', OptimizedViewPortWidth: '1600px' } },
      },
    },
  };
}

function element(
  ElementId: string,
  ElementType: 'VISUAL' | 'TEXT_BOX' | 'PARAMETER_CONTROL',
  [ColumnIndex, RowIndex]: readonly [number, number],
  [ColumnSpan, RowSpan]: readonly [number, number],
): GridLayoutElement {
  return { ElementId, ElementType, ColumnIndex, ColumnSpan, RowIndex, RowSpan };
}

const CONTROL_COLUMNS = 6;

/** Controls in one row above the sheet. */
export function controlLayouts(ids: readonly string[]): SheetControlLayout[] {
  if (ids.length === 0) return [];
  const perRow = GRID_COLUMNS / CONTROL_COLUMNS;
  const Elements = ids.map((id, at) =>
    element(id, 'PARAMETER_CONTROL', [(at % perRow) * CONTROL_COLUMNS, Math.floor(at / perRow)], [CONTROL_COLUMNS, 1]),
  );
  return [{ Configuration: { GridLayout: { Elements } } }];
}
