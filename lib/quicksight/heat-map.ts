import type { HeatMapVisual } from '@aws-sdk/client-quicksight';
import type { HeatMap } from '../../core/dashboards/types.ts';
import { axisLabel, dimension, measure, type Place, sortBy, tooltip } from './fields.ts';
import { heading } from './heading.ts';
import { HEAT_COLORS } from './theme.ts';

/** One colour, from pale to dark. */
export function heatMapVisual(place: Place, visual: HeatMap): HeatMapVisual {
  const { x, y, value, order = [] } = visual;
  const fields = [y, x, value];
  const columns = order.filter(({ column }) => column === x.column).slice(0, 1);
  const rows = order.filter(({ column }) => column !== x.column).slice(0, 1);
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        HeatMapAggregatedFieldWells: {
          Rows: [dimension(place, visual, y)],
          Columns: [dimension(place, visual, x)],
          Values: [measure(place, visual, value)],
        },
      },
      SortConfiguration: {
        HeatMapRowSort: rows.map((one) => sortBy(place, visual, fields, one)),
        HeatMapColumnSort: columns.map((one) => sortBy(place, visual, fields, one)),
      },
      RowLabelOptions: axisLabel(place, visual, y),
      ColumnLabelOptions: axisLabel(place, visual, x),
      ColorScale: { Colors: HEAT_COLORS.map((Color) => ({ Color })), ColorFillType: 'GRADIENT' },
      Legend: { Visibility: 'VISIBLE', Position: 'RIGHT' },
      DataLabels: { Visibility: 'HIDDEN' },
      Tooltip: tooltip(place, visual, fields),
    },
    Actions: [],
    ColumnHierarchies: [],
  };
}
