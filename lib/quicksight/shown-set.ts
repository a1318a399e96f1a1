/** What QuickSight reads of one view. */
import type { Sources } from '../../core/dashboards/lint.ts';
import { type DashboardSet, fieldsOf, type Language, type Visual, visualsOf } from '../../core/dashboards/types.ts';

export interface SetColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INTEGER' | 'DECIMAL' | 'DATETIME';
  /** In Athena's dialect, over the columns of the view. */
  readonly expression: string;
}

/** One data set: a view as visuals show it. */
export interface ShownSet {
  /** Name of the view, which the data set bears too. */
  readonly source: string;
  readonly columns: readonly SetColumn[];
  /** Asked at each look instead of being kept in memory. */
  readonly isLive: boolean;
  /** Column of days by which new rows are read alone; undefined where all are read each time. */
  readonly timeColumn: string | undefined;
}

/** What must be known of a data set to judge a definition. */
export interface KnownSet {
  readonly source: string;
  readonly columns: readonly Pick<SetColumn, 'name' | 'type'>[];
}

/** Types of columns that QuickSight has, by Athena's. A boolean is 1 or 0, so that it can be compared and counted. */
const TYPES: readonly (readonly [RegExp, SetColumn['type']])[] = [
  [/^(varchar|char)/, 'STRING'],
  [/^(tinyint|smallint|integer|int|bigint|boolean)$/, 'INTEGER'],
  [/^(real|double|decimal)/, 'DECIMAL'],
  [/^(date$|timestamp)/, 'DATETIME'],
];

/**
 * The data sets of a description, in the order in which visuals name them. Codes get their words in the SQL, in a
 * column beside the code, because QuickSight has no names for values.
 */
export function shownSets(set: DashboardSet, sources: Sources, language: Language): ShownSet[] {
  return sourcesOf(set).map((source) => {
    const columns = sources[source];
    if (columns === undefined) throw new Error(`there is no view ${source}, expected one of sql/<dataset>/views`);
    const visuals = visualsOf(set).filter((visual) => visual.source === source);
    return {
      source,
      columns: [
        ...columns.flatMap(({ name, athenaType }) => storedColumn(name, athenaType)),
        ...derivedColumns(set, visuals, columns, language),
      ],
      isLive: isLiveSource(set, source),
      timeColumn: visuals.flatMap((visual) => (visual.kind === 'line' ? visual.x.column : []))[0],
    };
  });
}

/** Whether a sheet shows the source as it is now. */
export function isLiveSource({ dashboards }: DashboardSet, source: string): boolean {
  const sheets = dashboards.flatMap((dashboard) => dashboard.sheets);
  return sheets.some(({ isLive, visuals }) => isLive && visuals.some((visual) => visual.source === source));
}

function sourcesOf(set: DashboardSet): string[] {
  return [...new Set(visualsOf(set).map(({ source }) => source))];
}

/** Lists and structures are left out: a dashboard reads those through a view that takes them apart. */
function storedColumn(name: string, athenaType: string): SetColumn[] {
  const type = TYPES.find(([pattern]) => pattern.test(athenaType))?.[1];
  if (type === undefined) return [];
  return [{ name, type, expression: athenaType === 'boolean' ? `cast(${name} as integer)` : name }];
}

/** Column with the words of a code, or of yes and no. */
export function wordsColumn(column: string): string {
  return `${column}_text`;
}

/** Column with a difference of rates in points. */
export function pointsColumn(column: string): string {
  return `${column}_points`;
}

/** Column with the place of a text in its alphabet: QuickSight sorts by a column that is not shown only if it is a number. */
export function placeColumn(column: string): string {
  return `${column}_place`;
}

function derivedColumns(
  set: DashboardSet,
  visuals: readonly Visual[],
  columns: NonNullable<Sources[string]>,
  language: Language,
): SetColumn[] {
  const typeOf = (column: string) => columns.find(({ name }) => name === column)?.athenaType;
  const fields = visuals.flatMap(fieldsOf);
  const texts = [
    ...fields.filter(({ format }) => format === 'text').map(({ column }) => column),
    ...set.filters.filter(({ kind }) => kind === 'values').map(({ column }) => column),
  ].filter((column) => typeOf(column)?.startsWith('varchar'));
  const named = (format: 'yes' | 'points') =>
    unique(fields.filter((field) => field.format === format).map(({ column }) => column));
  const ordered = visuals
    .flatMap(({ order = [] }) => order.map(({ column }) => column))
    .filter((column) => typeOf(column)?.startsWith('varchar'));
  return [
    ...unique(ordered).map(
      (name): SetColumn => ({
        name: placeColumn(name),
        type: 'INTEGER',
        expression: `dense_rank() over (order by ${name})`,
      }),
    ),
    ...unique(texts).map(
      (name): SetColumn => ({
        name: wordsColumn(name),
        type: 'STRING',
        expression: inWords(set, name, language),
      }),
    ),
    ...named('yes').map(
      (name): SetColumn => ({
        name: wordsColumn(name),
        type: 'STRING',
        expression: `case when ${name} then ${quoted(YES[language])} when not ${name} then ${quoted(NO[language])} end`,
      }),
    ),
    ...named('points').map(
      (name): SetColumn => ({
        name: pointsColumn(name),
        type: 'DECIMAL',
        expression: `100e0 * ${name}`,
      }),
    ),
  ];
}

const YES = { en: 'yes', fr: 'oui' } as const;
const NO = { en: 'no', fr: 'non' } as const;

/** Periods of a comparison. */
const PERIODS: DashboardSet['words'] = {
  current: { en: 'this period', fr: 'cette période' },
  previous: { en: 'the period before', fr: 'la période précédente' },
};

function inWords({ words }: DashboardSet, column: string, language: Language): string {
  const cases = Object.entries({ ...PERIODS, ...words })
    .filter(([code, texts]) => texts[language] !== code)
    .map(([code, texts]) => `when ${quoted(code)} then ${quoted(texts[language])}`);
  return cases.length === 0 ? column : `case ${column} ${cases.join(' ')} else ${column} end`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** The query of a data set. `more` are columns that the view does not give, as SQL by name. */
export function setSql({ source, columns }: ShownSet, database: string, more: readonly SetColumn[] = []): string {
  const selected = [...columns, ...more].map(({ name, expression }) =>
    expression === name ? name : `${expression} as ${name}`,
  );
  return `select\n  ${selected.join(',\n  ')}\nfrom "AwsDataCatalog"."${database}"."${source}"`;
}
