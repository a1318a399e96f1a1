/** One description of dashboards, which every target is made from: the local pages, QuickSight, reports. */
export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Texts = Readonly<Record<Language, string>>;

/** How a value is shown: `rate` is a share from 0 to 1 in percent, `points` a difference of two rates. */
export type Format = 'text' | 'count' | 'number' | 'rate' | 'points' | 'day' | 'month' | 'instant' | 'hours' | 'yes';

/** A column of the visual's source. */
export interface Field {
  readonly column: string;
  readonly label: Texts;
  readonly format: Format;
}

interface Shown {
  /** Unique in the whole description. */
  readonly id: string;
  readonly title: Texts;
  /** What a reader can answer with it. */
  readonly question: Texts;
  /** View of `sql/<dataset>/views`, or a relation of the lake. */
  readonly source: string;
  /** Boolean column that a row must have true to be shown. */
  readonly only?: string;
  /** Column with the number of bookings behind a row: small samples are faded, the smallest hidden. */
  readonly sample?: string;
  /** The 95 % interval of the value. */
  readonly interval?: { readonly low: string; readonly high: string };
  readonly order?: readonly Order[];
  /** Most rows that are read. */
  readonly top?: number;
  /** Boolean column, true where the times of a row were made up. */
  readonly simulated?: string;
}

export interface Order {
  readonly column: string;
  readonly descending?: boolean;
}

export interface Kpi extends Shown {
  readonly kind: 'kpi';
  readonly value: Field;
  /**
   * Compares the rows whose `period` is `current` and `previous`: counts in percent, rates in points. `covered` is the
   * column that says whether the data reach over the whole period, `first` and `last` name its days.
   */
  readonly comparison?: {
    readonly period: string;
    readonly covered: string;
    readonly first: string;
    readonly last: string;
    readonly goodWhen: 'higher' | 'lower';
  };
}

export interface Line extends Shown {
  readonly kind: 'line';
  readonly x: Field;
  readonly y: Field;
  readonly series?: Field;
  /** A level to reach, in the unit of `y`. */
  readonly target?: number;
}

export interface Bar extends Shown {
  readonly kind: 'bar';
  readonly category: Field;
  readonly value: Field;
  /** Bars of one category stand side by side, one a series. */
  readonly series?: Field;
  /** Longest bar first; without it, in the order of the rows. */
  readonly isSorted?: boolean;
  /** Measures are summed over the other columns of the source. */
  readonly isTotal?: boolean;
  /** Id of the filter that a click sets to the category. */
  readonly drill?: string;
}

export interface HeatMap extends Shown {
  readonly kind: 'heat map';
  readonly x: Field;
  readonly y: Field;
  readonly value: Field;
}

export interface Table extends Shown {
  readonly kind: 'table';
  readonly columns: readonly Field[];
}

export type Visual = Kpi | Line | Bar | HeatMap | Table;
export type VisualKind = Visual['kind'];

/** A choice of bookings that all visuals over bookings follow. `Column` is a column of the curated table. */
export interface Filter<Column extends string = string> {
  /** Name in the query string. */
  readonly id: string;
  readonly kind: 'values' | 'days';
  readonly column: Column;
  readonly label: Texts;
}

export interface Sheet {
  readonly id: string;
  readonly title: Texts;
  /** Shown as it is now also by a target that keeps copies of the data. */
  readonly isLive?: boolean;
  readonly visuals: readonly Visual[];
}

/** Groups of people who look at dashboards. */
export const READERS = ['analysts', 'marketing', 'direction'] as const;
export type Reader = (typeof READERS)[number];

export interface Dashboard {
  readonly id: string;
  readonly title: Texts;
  readonly audience: Texts;
  /**
   * Who may look at it where there are groups; analysts always may.
   *
   * @default - analysts alone
   */
  readonly readers?: readonly Reader[];
  readonly sheets: readonly Sheet[];
}

export interface DashboardSet<Column extends string = string> {
  readonly dataset: string;
  /** The curated table that filters choose from. */
  readonly table: string;
  readonly filters: readonly Filter<Column>[];
  readonly dashboards: readonly Dashboard[];
  /** What codes of the data are called. */
  readonly words: Readonly<Record<string, Texts>>;
  /** Age of the newest row in hours above which the pages warn. */
  readonly staleAfterHours: number;
  /** Fewer bookings than `faded` are a small sample; below `hidden` nothing is shown. */
  readonly samples: { readonly faded: number; readonly hidden: number };
}

/** Every visual of a description. */
export function visualsOf(set: DashboardSet): readonly Visual[] {
  return set.dashboards.flatMap(({ sheets }) => sheets.flatMap(({ visuals }) => visuals));
}

/** The fields that a visual shows, in their order. */
export function fieldsOf(visual: Visual): readonly Field[] {
  if (visual.kind === 'table') return visual.columns;
  if (visual.kind === 'kpi') return [visual.value];
  if (visual.kind === 'heat map') return [visual.y, visual.x, visual.value];
  const series = visual.series === undefined ? [] : [visual.series];
  return visual.kind === 'line' ? [visual.x, ...series, visual.y] : [visual.category, ...series, visual.value];
}

/** Every column of its source that a visual reads. */
export function columnsOf(visual: Visual): readonly string[] {
  const { sample, interval, simulated } = visual;
  const compared =
    visual.kind === 'kpi' && visual.comparison !== undefined
      ? [visual.comparison.period, visual.comparison.covered, visual.comparison.first, visual.comparison.last]
      : [];
  const named = [...fieldsOf(visual).map(({ column }) => column), ...compared, sample, interval?.low, interval?.high];
  return [...new Set([...named, simulated].filter((column) => column !== undefined))];
}
