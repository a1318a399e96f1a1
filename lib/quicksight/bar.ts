import type { BarChartVisual } from '@aws-sdk/client-quicksight';
import type { Bar } from '../../core/dashboards/types.ts';
import { drill } from './drill.ts';
import { axisLabel, dimension, measure, type Place, sortBy, tooltip } from './fields.ts';
import { heading } from './heading.ts';

/** Bars, lying down so that names can be read; side by side where there is a series. */
export function barVisual(place: Place, visual: Bar): BarChartVisual {
  const { category, series, value, order = [], isSorted } = visual;
  const fields = [category, ...(series === undefined ? [] : [series]), value];
  const [first] = isSorted ? [{ column: value.column, descending: true }] : order;
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        BarChartAggregatedFieldWells: {
          Category: [dimension(place, visual, category)],
          Values: [measure(place, visual, value)],
          Colors: series === undefined ? [] : [dimension(place, visual, series)],
        },
      },
      SortConfiguration: { CategorySort: first === undefined ? [] : [sortBy(place, visual, fields, first)] },
      Orientation: series === undefined ? 'HORIZONTAL' : 'VERTICAL',
      BarsArrangement: 'CLUSTERED',
      CategoryLabelOptions: axisLabel(place, visual, category),
      ValueLabelOptions: axisLabel(place, visual, value),
      Legend: { Visibility: series === undefined ? 'HIDDEN' : 'VISIBLE', Position: 'BOTTOM' },
      DataLabels: { Visibility: 'VISIBLE', Overlap: 'DISABLE_OVERLAP' },
      Tooltip: tooltip(place, visual, fields),
    },
    Actions: drill(place, visual),
    ColumnHierarchies: [],
  };
}
