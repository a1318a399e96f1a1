/** Fields of visuals in QuickSight's words. */
import type {
  AggregationFunction,
  ChartAxisLabelOptions,
  ColumnIdentifier,
  DimensionField,
  FieldSortOptions,
  MeasureField,
  TooltipItem,
  TooltipOptions,
} from '@aws-sdk/client-quicksight';
import type { DashboardSet, Field, Language, Order, Visual } from '../../core/dashboards/types.ts';
import { isNumber, isTime, numberFormat, timeFormat, timeGrain } from './number-format.ts';
import { placeColumn, pointsColumn, type SetColumn, type ShownSet, wordsColumn } from './shown-set.ts';
import { TEXTS } from './texts.ts';

/** What a visual is compiled with. */
export interface Place {
  readonly set: DashboardSet;
  readonly language: Language;
  /** The data set that the visual reads. */
  readonly shown: ShownSet;
  /** Names of the parameters that filters set, by the id of the filter: those that reach a visual of the dashboard. */
  readonly parameters: Readonly<Record<string, string>>;
}

export function fieldId(visual: Visual, { column }: Pick<Field, 'column'>): string {
  return `${visual.id}-${column}`;
}

export function columnOf({ shown }: Place, name: string): ColumnIdentifier {
  return { DataSetIdentifier: shown.source, ColumnName: name };
}

/** The column that readers see for a field: the words of a code, the points of a difference of rates. */
export function shownColumn({ shown }: Pick<Place, 'shown'>, { column, format }: Pick<Field, 'column' | 'format'>) {
  const name = format === 'points' ? pointsColumn(column) : wordsColumn(column);
  const isDerived = (format === 'text' || format === 'yes' || format === 'points') && typeOf(shown, name) !== undefined;
  return isDerived ? name : column;
}

export function typeOf(shown: ShownSet, column: string): SetColumn['type'] | undefined {
  return shown.columns.find(({ name }) => name === column)?.type;
}

/** A field by which rows are told apart. */
export function dimension(place: Place, visual: Visual, field: Field): DimensionField {
  const named = { FieldId: fieldId(visual, field), Column: columnOf(place, shownColumn(place, field)) };
  if (isTime(field.format)) {
    const format = { FormatConfiguration: timeFormat(field.format, place.language) };
    return { DateDimensionField: { ...named, DateGranularity: timeGrain(field.format), ...format } };
  }
  return isNumber(field.format) ? { NumericalDimensionField: named } : { CategoricalDimensionField: named };
}

/** How many rows of one mark become one number: counts are added, all else is one row's. */
function aggregation({ format }: Pick<Field, 'format'>): 'SUM' | 'MAX' {
  return format === 'count' ? 'SUM' : 'MAX';
}

export function measure(place: Place, visual: Visual, field: Field): MeasureField {
  return {
    NumericalMeasureField: {
      FieldId: fieldId(visual, field),
      Column: columnOf(place, shownColumn(place, field)),
      AggregationFunction: { SimpleNumericalAggregation: aggregation(field) },
      ...(isNumber(field.format) ? { FormatConfiguration: numberFormat(field.format, place.language) } : {}),
    },
  };
}

export function axisLabel(place: Place, visual: Visual, field: Field): ChartAxisLabelOptions {
  const { FieldId, Column } = { FieldId: fieldId(visual, field), Column: columnOf(place, shownColumn(place, field)) };
  return {
    AxisLabelOptions: [{ CustomLabel: field.label[place.language], ApplyTo: { FieldId, Column } }],
    Visibility: 'VISIBLE',
  };
}

/** What a mark says when it is pointed at: its fields, the number of bookings behind it, its interval, simulated times. */
export function tooltip(place: Place, visual: Visual, fields: readonly Field[]): TooltipOptions {
  const own = fields.map(
    (field): TooltipItem => ({
      FieldTooltipItem: { FieldId: fieldId(visual, field), Label: field.label[place.language], Visibility: 'VISIBLE' },
    }),
  );
  const shown = new Set(fields.map(({ column }) => column));
  const more = evidence(visual)
    .filter(([column]) => !shown.has(column))
    .map(
      ([column, label]): TooltipItem => ({
        ColumnTooltipItem: {
          Column: columnOf(place, column),
          Label: TEXTS[label][place.language],
          Visibility: 'VISIBLE',
          Aggregation: {
            NumericalAggregationFunction: { SimpleNumericalAggregation: label === 'sample' ? 'SUM' : 'MAX' },
          },
        },
      }),
    );
  return {
    TooltipVisibility: 'VISIBLE',
    SelectedTooltipType: 'DETAILED',
    FieldBasedTooltip: { AggregationVisibility: 'HIDDEN', TooltipTitleType: 'NONE', TooltipFields: [...own, ...more] },
  };
}

export type EvidenceLabel = 'sample' | 'low' | 'high' | 'simulated';

/** Columns that say how far a value can be trusted. */
export function evidence({ sample, interval, simulated }: Visual): (readonly [string, EvidenceLabel])[] {
  const columns = [
    [sample, 'sample'],
    [interval?.low, 'low'],
    [interval?.high, 'high'],
    [simulated, 'simulated'],
  ] as const;
  return columns.flatMap(([column, label]) => (column === undefined ? [] : [[column, label] as const]));
}

/** Sorting by a field of the visual, or by another column of its data set, which has one value a mark. */
export function sortBy(place: Place, visual: Visual, fields: readonly Field[], order: Order): FieldSortOptions {
  const { column } = order;
  const Direction = order.descending ? 'DESC' : 'ASC';
  const field = fields.find((one) => one.column === column && shownColumn(place, one) === column);
  if (field !== undefined) return { FieldSort: { FieldId: fieldId(visual, field), Direction } };
  const type = typeOf(place.shown, column);
  const SortBy = columnOf(place, type === 'STRING' ? placeColumn(column) : column);
  const AggregationFunction: AggregationFunction =
    type === 'DATETIME'
      ? { DateAggregationFunction: 'MIN' }
      : { NumericalAggregationFunction: { SimpleNumericalAggregation: 'MAX' } };
  return { ColumnSort: { SortBy, Direction, AggregationFunction } };
}
