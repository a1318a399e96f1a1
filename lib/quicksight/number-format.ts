/** How QuickSight writes numbers and days of a description. */
import type {
  DateTimeFormatConfiguration,
  FormatConfiguration,
  NumberDisplayFormatConfiguration,
  NumberFormatConfiguration,
  NumericSeparatorConfiguration,
  TimeGranularity,
} from '@aws-sdk/client-quicksight';
import type { Format, Language } from '../../core/dashboards/types.ts';

/** Formats of numbers; the others are texts and days. */
export type NumberKind = Extract<Format, 'count' | 'number' | 'index' | 'rate' | 'points' | 'hours'>;

const DECIMALS: Readonly<Record<NumberKind, number>> = { count: 0, number: 1, index: 3, rate: 1, points: 1, hours: 1 };
const SUFFIXES: Partial<Readonly<Record<Format, string>>> = { points: ' pt', hours: ' h' };

export function isNumber(format: Format): format is NumberKind {
  return format in DECIMALS;
}

export function numberFormat(format: NumberKind, language: Language): NumberFormatConfiguration {
  const written = { ...decimals(DECIMALS[format]), SeparatorConfiguration: SEPARATORS[language] };
  if (format === 'rate') return { FormatConfiguration: { PercentageDisplayFormatConfiguration: written } };
  return { FormatConfiguration: { NumberDisplayFormatConfiguration: withSuffix(SUFFIXES[format], written) } };
}

/** A rate that stands in the data set in percent, so that its differences can be written in points. */
export function percentOf100(language: Language): NumberDisplayFormatConfiguration {
  return withSuffix(language === 'fr' ? ' %' : '%', { ...decimals(1), SeparatorConfiguration: SEPARATORS[language] });
}

/** A difference of two such rates. */
export function pointsOf100(language: Language): NumberDisplayFormatConfiguration {
  return withSuffix(SUFFIXES.points, { ...decimals(1), SeparatorConfiguration: SEPARATORS[language] });
}

/** A change in percent. */
export function percentChange(language: Language) {
  return { ...decimals(1), SeparatorConfiguration: SEPARATORS[language] };
}

const SEPARATORS: Readonly<Record<Language, NumericSeparatorConfiguration>> = {
  en: { DecimalSeparator: 'DOT', ThousandsSeparator: { Symbol: 'COMMA', Visibility: 'VISIBLE' } },
  fr: { DecimalSeparator: 'COMMA', ThousandsSeparator: { Symbol: 'SPACE', Visibility: 'VISIBLE' } },
};

function decimals(places: number) {
  return { DecimalPlacesConfiguration: { DecimalPlaces: places } };
}

function withSuffix(suffix: string | undefined, format: NumberDisplayFormatConfiguration) {
  return suffix === undefined ? format : { Suffix: suffix, ...format };
}

type TimeKind = Extract<Format, 'day' | 'month' | 'instant'>;

const TIMES: Readonly<Record<TimeKind, Readonly<Record<Language, string>> & { readonly grain: TimeGranularity }>> = {
  day: { en: 'YYYY-MM-DD', fr: 'DD/MM/YYYY', grain: 'DAY' },
  month: { en: 'YYYY-MM', fr: 'MM/YYYY', grain: 'MONTH' },
  instant: { en: 'YYYY-MM-DD HH:mm', fr: 'DD/MM/YYYY HH:mm', grain: 'MINUTE' },
};

export function isTime(format: Format): format is TimeKind {
  return format in TIMES;
}

export function timeFormat(format: TimeKind, language: Language): DateTimeFormatConfiguration {
  return { DateTimeFormat: TIMES[format][language] };
}

export function timeGrain(format: TimeKind): TimeGranularity {
  return TIMES[format].grain;
}

/** The format of a column of a table; undefined for texts, which are shown as they are. */
export function columnFormat(format: Format, language: Language): FormatConfiguration | undefined {
  if (isNumber(format)) return { NumberFormatConfiguration: numberFormat(format, language) };
  if (isTime(format)) return { DateTimeFormatConfiguration: timeFormat(format, language) };
  return undefined;
}
