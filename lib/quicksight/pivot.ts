import type {
  AggregationFunction,
  CalculatedField,
  ColumnSort,
  MeasureField,
  PivotFieldSortOptions,
  PivotTableVisual,
} from '@aws-sdk/client-quicksight';
import { isAdded } from '../../core/dashboards/pivot-sql.ts';
import type { Field, Pivot } from '../../core/dashboards/types.ts';
import { columnOf, dimension, fieldId, type Place, sortBy } from './fields.ts';
import { heading } from './heading.ts';
import { isNumber, numberFormat } from './number-format.ts';
import { TEXTS } from './texts.ts';

/** Rows by columns with their totals. A rate is a computed field, so that QuickSight computes it anew in each total. */
export function pivotVisual(place: Place, visual: Pivot): PivotTableVisual {
  const { language } = place;
  const label = (field: Field) => ({ FieldId: fieldId(visual, field), CustomLabel: field.label[language] });
  const total = TEXTS[visual.top === undefined ? 'total' : 'totalShown'][language];
  const shown = [...visual.rows, visual.columns, visual.value, ...behind(visual)];
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        PivotTableAggregatedFieldWells: {
          Rows: visual.rows.map((field) => dimension(place, visual, field)),
          Columns: [dimension(place, visual, visual.columns)],
          Values: [shownValue(place, visual), ...behind(visual).map((field) => added(place, visual, field))],
        },
      },
      SortConfiguration: { FieldSortOptions: sorts(place, visual) },
      TotalOptions: {
        RowTotalOptions: { TotalsVisibility: 'VISIBLE', Placement: 'END', CustomLabel: total },
        ColumnTotalOptions: { TotalsVisibility: 'VISIBLE', Placement: 'END', CustomLabel: total },
        RowSubtotalOptions: {
          TotalsVisibility: visual.rows.length > 1 ? 'VISIBLE' : 'HIDDEN',
          CustomLabel: TEXTS.total[language],
        },
        ColumnSubtotalOptions: { TotalsVisibility: 'HIDDEN' },
      },
      FieldOptions: { SelectedFieldOptions: shown.map((field) => ({ ...label(field), Visibility: 'VISIBLE' })) },
    },
    Actions: [],
    ConditionalFormatting: { ConditionalFormattingOptions: [] },
  };
}

/** The rate of a pivot, from sums: never an average of rates. */
export function pivotFields(place: Pick<Place, 'language' | 'shown'>, visual: Pivot): CalculatedField[] {
  const { numerator, sample } = visual;
  if (numerator === undefined || sample === undefined) return [];
  // Athena, asked at each look, divides whole numbers as such.
  const Expression = `1.0 * sum({${numerator}}) / sum({${sample}})`;
  return [{ DataSetIdentifier: place.shown.source, Name: rateName(place, visual), Expression }];
}

function rateName({ language }: Pick<Place, 'language'>, { title, value }: Pivot): string {
  return `${title[language]}, ${value.label[language].toLowerCase()}`;
}

function shownValue(place: Place, visual: Pivot): MeasureField {
  const { value, numerator } = visual;
  if (numerator === undefined) return added(place, visual, value);
  return {
    NumericalMeasureField: {
      FieldId: fieldId(visual, value),
      Column: columnOf(place, rateName(place, visual)),
      FormatConfiguration: numberFormat('rate', place.language),
    },
  };
}

function added(place: Place, visual: Pivot, field: Field): MeasureField {
  return {
    NumericalMeasureField: {
      FieldId: fieldId(visual, field),
      Column: columnOf(place, field.column),
      AggregationFunction: { SimpleNumericalAggregation: 'SUM' },
      ...(isNumber(field.format) ? { FormatConfiguration: numberFormat(field.format, place.language) } : {}),
    },
  };
}

/** What stands behind each value, as values of their own: a pivot has no tooltip. */
function behind({ sample, value, simulated }: Pivot): Field[] {
  const columns = [
    [sample === value.column ? undefined : sample, 'sample'],
    [simulated, 'simulatedRows'],
  ] as const;
  return columns.flatMap(([column, label]) =>
    column === undefined ? [] : [{ column, label: TEXTS[label], format: 'count' as const }],
  );
}

/** A row or column is sorted by itself; rows also by a measure, added up, or by a column that has one value in each. */
function sorts(place: Place, visual: Pivot): PivotFieldSortOptions[] {
  const fields = [...visual.rows, visual.columns];
  return (visual.order ?? []).map((order): PivotFieldSortOptions => {
    const sorted = fields.find(({ column }) => column === order.column) ?? visual.rows.at(-1) ?? visual.columns;
    const { FieldSort, ColumnSort } = sortBy(place, visual, fields, order);
    if (FieldSort !== undefined) return { FieldId: fieldId(visual, sorted), SortBy: { Field: FieldSort } };
    const how: AggregationFunction = { NumericalAggregationFunction: { SimpleNumericalAggregation: 'SUM' } };
    const Column = isAdded(visual, order.column) ? { ...ColumnSort, AggregationFunction: how } : ColumnSort;
    return { FieldId: fieldId(visual, sorted), SortBy: { Column: Column as ColumnSort } };
  });
}
