import type { LineChartVisual, ReferenceLine } from '@aws-sdk/client-quicksight';
import type { Line } from '../../core/dashboards/types.ts';
import { axisLabel, dimension, fieldId, measure, type Place, tooltip } from './fields.ts';
import { heading } from './heading.ts';
import { TEXTS } from './texts.ts';
import { TARGET_COLOR } from './theme.ts';

/** A line over time, one a series, with the level to reach. */
export function lineVisual(place: Place, visual: Line): LineChartVisual {
  const { x, y, series, target } = visual;
  const fields = [x, ...(series === undefined ? [] : [series]), y];
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        LineChartAggregatedFieldWells: {
          Category: [dimension(place, visual, x)],
          Values: [measure(place, visual, y)],
          Colors: series === undefined ? [] : [dimension(place, visual, series)],
        },
      },
      SortConfiguration: { CategorySort: [{ FieldSort: { FieldId: fieldId(visual, x), Direction: 'ASC' } }] },
      Type: 'LINE',
      XAxisLabelOptions: axisLabel(place, visual, x),
      PrimaryYAxisLabelOptions: axisLabel(place, visual, y),
      Legend: { Visibility: series === undefined ? 'HIDDEN' : 'VISIBLE', Position: 'BOTTOM' },
      ReferenceLines: target === undefined ? [] : [targetLine(target, TEXTS.target[place.language])],
      Tooltip: tooltip(place, visual, fields),
    },
    Actions: [],
    ColumnHierarchies: [],
  };
}

function targetLine(Value: number, CustomLabel: string): ReferenceLine {
  return {
    Status: 'ENABLED',
    DataConfiguration: { StaticConfiguration: { Value }, AxisBinding: 'PRIMARY_YAXIS' },
    StyleConfiguration: { Pattern: 'DASHED', Color: TARGET_COLOR },
    LabelConfiguration: { CustomLabelConfiguration: { CustomLabel }, HorizontalPosition: 'RIGHT' },
  };
}
