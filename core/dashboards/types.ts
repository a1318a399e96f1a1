/** One description of dashboards, which every target is made from: the local pages, QuickSight, reports. */
export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Texts = Readonly<Record<Language, string>>;

/**
 * How a value is shown: `rate` is a share from 0 to 1 in percent, `points` a difference of two rates, `index` a figure
 * without a unit that is read to three decimals, such as an area under a curve.
 */
export type Format =
  | 'text'
  | 'count'
  | 'number'
  | 'index'
  | 'rate'
  | 'points'
  | 'day'
  | 'month'
  | 'instant'
  | 'hours'
  | 'yes';

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
  /** What to do where there is no row, with the command in it between backticks. */
  readonly whenEmpty?: Texts;
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

/**
 * Rows by columns, with totals of both. Counts and numbers are added over all other columns of the source; a rate is
 * computed anew from `numerator` and `sample`, in cells and in totals.
 */
export interface Pivot extends Shown {
  readonly kind: 'pivot';
  /** One field, or two: the rows of the second stand below the first, which has subtotals. */
  readonly rows: readonly [Field] | readonly [Field, Field];
  readonly columns: Field;
  readonly value: Field;
  /** Of a rate: the column that gives it where it is divided by `sample`. */
  readonly numerator?: string;
  /** With `top`, the first rows by the first column of `order`, added up; totals are then those of the rows shown. */
  readonly order?: readonly Order[];
}

/** A point a row, by two measures. */
export interface Scatter extends Shown {
  readonly kind: 'scatter';
  readonly x: Field;
  readonly y: Field;
  /** What a point is called. */
  readonly label: Field;
  /** Points of one series have one colour and one shape. */
  readonly series?: Field;
  /** The area of a point is in proportion to it. */
  readonly size?: Field;
  /** The measure from left to right is drawn by its magnitude, where few are large and many are small. */
  readonly isLogarithmic?: boolean;
  /** Draws the line on which both measures are equal. */
  readonly hasDiagonal?: boolean;
  /** Id of the filter that a click sets to the label. */
  readonly drill?: string;
}

export type Visual = Kpi | Line | Bar | HeatMap | Table | Pivot | Scatter;
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
  /** View with a row a version of the model, whose newest version and scores every page states. */
  readonly model?: { readonly source: string; readonly version: string; readonly scoredAt: string };
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
  switch (visual.kind) {
    case 'table':
      return visual.columns;
    case 'kpi':
      return [visual.value];
    case 'heat map':
      return [visual.y, visual.x, visual.value];
    case 'pivot':
      return [...visual.rows, visual.columns, visual.value];
    case 'scatter':
      return [visual.label, visual.series, visual.x, visual.y, visual.size].filter((field) => field !== undefined);
    case 'line':
      return [visual.x, visual.series, visual.y].filter((field) => field !== undefined);
    case 'bar':
      return [visual.category, visual.series, visual.value].filter((field) => field !== undefined);
  }
}

/** Every column of its source that a visual reads. */
export function columnsOf(visual: Visual): readonly string[] {
  const { sample, interval, simulated } = visual;
  const besides =
    visual.kind === 'kpi' && visual.comparison !== undefined
      ? [visual.comparison.period, visual.comparison.covered, visual.comparison.first, visual.comparison.last]
      : visual.kind === 'pivot'
        ? [visual.numerator]
        : [];
  const named = [...fieldsOf(visual).map(({ column }) => column), ...besides, sample, interval?.low, interval?.high];
  return [...new Set([...named, simulated].filter((column) => column !== undefined))];
}

/** Id of the filter that a click on a mark sets, and the field whose value it takes. */
export function drillOf(visual: Visual): { readonly filter: string; readonly by: Field } | undefined {
  if (visual.kind !== 'bar' && visual.kind !== 'scatter') return undefined;
  if (visual.drill === undefined) return undefined;
  return { filter: visual.drill, by: visual.kind === 'bar' ? visual.category : visual.label };
}
