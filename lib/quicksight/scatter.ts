import type { AxisDisplayOptions, ScatterPlotVisual } from '@aws-sdk/client-quicksight';
import type { Scatter } from '../../core/dashboards/types.ts';
import { drill } from './drill.ts';
import { axisLabel, dimension, measure, type Place, tooltip } from './fields.ts';
import { heading } from './heading.ts';

/** A point a row. Points of one series have one colour; without a series, each label is a group of its own. */
export function scatterVisual(place: Place, visual: Scatter): ScatterPlotVisual {
  const { x, y, label, series, size } = visual;
  const fields = [label, ...(series === undefined ? [] : [series]), x, y, ...(size === undefined ? [] : [size])];
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        ScatterPlotCategoricallyAggregatedFieldWells: {
          XAxis: [measure(place, visual, x)],
          YAxis: [measure(place, visual, y)],
          Category: [dimension(place, visual, series ?? label)],
          Size: size === undefined ? [] : [measure(place, visual, size)],
          Label: series === undefined ? [] : [dimension(place, visual, label)],
        },
      },
      XAxisLabelOptions: axisLabel(place, visual, x),
      XAxisDisplayOptions: axis(visual.isLogarithmic === true, visual.hasDiagonal === true),
      YAxisLabelOptions: axisLabel(place, visual, y),
      YAxisDisplayOptions: axis(false, visual.hasDiagonal === true),
      Legend: { Visibility: series === undefined ? 'HIDDEN' : 'VISIBLE', Position: 'BOTTOM' },
      DataLabels: { Visibility: 'HIDDEN' },
      Tooltip: tooltip(place, visual, fields),
    },
    Actions: drill(place, visual),
    ColumnHierarchies: [],
  };
}

/** Where both measures may be equal, both axes begin at nothing, so that they can be compared. */
function axis(isLogarithmic: boolean, isFromZero: boolean): AxisDisplayOptions {
  if (isLogarithmic) return { DataOptions: { NumericAxisOptions: { Scale: { Logarithmic: { Base: 10 } } } } };
  if (!isFromZero) return {};
  return { DataOptions: { NumericAxisOptions: { Range: { MinMax: { Minimum: 0 } } } } };
}
