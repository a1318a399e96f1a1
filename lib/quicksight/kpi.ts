import type {
  CalculatedField,
  KPIVisual,
  MeasureField,
  NumberDisplayFormatConfiguration,
} from '@aws-sdk/client-quicksight';
import type { Kpi, Language } from '../../core/dashboards/types.ts';
import { columnOf, fieldId, measure, type Place } from './fields.ts';
import { heading } from './heading.ts';
import { isNumber, numberFormat, percentChange, percentOf100, pointsOf100 } from './number-format.ts';
import { TEXTS } from './texts.ts';

/**
 * A number, alone or beside the same number of the period before. All options are given: with some of them alone,
 * QuickSight draws nothing.
 */
export function kpiVisual(place: Place, visual: Kpi): KPIVisual {
  const { comparison, value } = visual;
  const [now, before] = comparison === undefined ? [measure(place, visual, value)] : compared(place, visual);
  const isRate = value.format === 'rate';
  const lower = comparison?.goodWhen === 'lower' ? [TEXTS.lowerIsBetter[place.language]] : [];
  return {
    VisualId: visual.id,
    ...heading(place, visual, lower),
    ChartConfiguration: {
      FieldWells: {
        Values: now === undefined ? [] : [now],
        TargetValues: before === undefined ? [] : [before],
        TrendGroups: [],
      },
      KPIOptions: {
        Comparison: isRate
          ? { ComparisonMethod: 'DIFFERENCE', ComparisonFormat: asNumber(pointsOf100(place.language)) }
          : {
              ComparisonMethod: 'PERCENT_DIFFERENCE',
              ComparisonFormat: { PercentageDisplayFormatConfiguration: percentChange(place.language) },
            },
        PrimaryValueDisplayType: 'ACTUAL',
        SecondaryValue: { Visibility: before === undefined ? 'HIDDEN' : 'VISIBLE' },
        SecondaryValueFontConfiguration: { FontSize: { Relative: 'MEDIUM' } },
        ProgressBar: { Visibility: 'HIDDEN' },
        TrendArrows: { Visibility: before === undefined ? 'HIDDEN' : 'VISIBLE' },
        Sparkline: { Visibility: 'HIDDEN', Type: 'LINE' },
      },
      SortConfiguration: { TrendGroupSort: [] },
    },
    Actions: [],
    ConditionalFormatting: { ConditionalFormattingOptions: [] },
    ColumnHierarchies: [],
  };
}

function asNumber(NumberDisplayFormatConfiguration: NumberDisplayFormatConfiguration) {
  return { NumberDisplayFormatConfiguration };
}

/** The number of each period; they are computed, since both stand in one column. */
export function comparedFields(place: Pick<Place, 'language' | 'shown'>, visual: Kpi): CalculatedField[] {
  const { comparison, value } = visual;
  if (comparison === undefined) return [];
  const { period, covered } = comparison;
  // Rates in percent: their difference is then in points.
  const scale = value.format === 'rate' ? '100 * ' : '';
  const [now, before] = comparedNames(visual, place.language);
  const named = { DataSetIdentifier: place.shown.source };
  return [
    { ...named, Name: now, Expression: `${scale}maxIf({${value.column}}, {${period}} = 'current')` },
    {
      ...named,
      Name: before,
      Expression: `${scale}maxIf({${value.column}}, {${period}} = 'previous' AND {${covered}} = 1)`,
    },
  ];
}

function comparedNames({ title }: Kpi, language: Language): readonly [string, string] {
  return [title[language], `${title[language]}, ${TEXTS.before[language]}`];
}

/** Computed fields are aggregated already, so they have no function of their own. */
function compared(place: Place, visual: Kpi): MeasureField[] {
  const { language } = place;
  const { format } = visual.value;
  return comparedNames(visual, language).map((name, at) => ({
    NumericalMeasureField: {
      FieldId: `${fieldId(visual, visual.value)}-${at === 0 ? 'now' : 'before'}`,
      Column: columnOf(place, name),
      FormatConfiguration:
        format === 'rate'
          ? { FormatConfiguration: asNumber(percentOf100(language)) }
          : numberFormat(isNumber(format) ? format : 'number', language),
    },
  }));
}
