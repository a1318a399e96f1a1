/** Choices of readers: parameters with a control on each sheet, and the filters that follow them. */
import type {
  CategoryFilter,
  FilterGroup,
  ParameterControl,
  ParameterDeclaration,
  Filter as QuickSightFilter,
} from '@aws-sdk/client-quicksight';
import type { Dashboard, DashboardSet, Field, Filter, Language, Sheet, Visual } from '../../core/dashboards/types.ts';
import { type ShownSet, wordsColumn } from './shown-set.ts';
import { TEXTS } from './texts.ts';

/** Whether a filter can narrow a data set, which is so where its view has the column. */
export function reaches({ column }: Pick<Filter, 'column'>, { columns }: ShownSet): boolean {
  return columns.some(({ name }) => name === column);
}

/** The filters that reach a visual of the dashboard, or of one sheet. */
export function reachingFilters(set: DashboardSet, sheets: readonly Sheet[], shown: readonly ShownSet[]): Filter[] {
  const sources = new Set(sheets.flatMap(({ visuals }) => visuals.map(({ source }) => source)));
  return set.filters.filter((filter) => shown.some((one) => sources.has(one.source) && reaches(filter, one)));
}

/** Names of parameters are letters and digits alone. */
export function parameterName({ id }: Pick<Filter, 'id'>): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

const ENDS = ['First', 'Last'] as const;

export function parameterDeclarations(filters: readonly Filter[]): ParameterDeclaration[] {
  return filters.flatMap((filter): ParameterDeclaration[] => {
    const Name = parameterName(filter);
    if (filter.kind === 'days') {
      // A parameter of time without a default stops the dashboard.
      return ENDS.map((end) => ({
        DateTimeParameterDeclaration: {
          Name: `${Name}${end}`,
          TimeGranularity: 'DAY',
          DefaultValues: { RollingDate: { Expression: end === 'First' ? LONG_AGO : TODAY } },
        },
      }));
    }
    return [
      {
        StringParameterDeclaration: {
          Name,
          ParameterValueType: 'MULTI_VALUED',
          DefaultValues: { StaticValues: [] },
          ValueWhenUnset: { ValueWhenUnsetOption: 'RECOMMENDED_VALUE' },
        },
      },
    ];
  });
}

const TODAY = "truncDate('DD', now())";
const LONG_AGO = `addDateTime(-10, 'YYYY', ${TODAY})`;

/** Controls of one sheet. The choices are the values of the first data set of the sheet that has them. */
export function controls(
  filters: readonly Filter[],
  sheet: Sheet,
  shown: readonly ShownSet[],
  language: Language,
): ParameterControl[] {
  return filters.flatMap((filter): ParameterControl[] => {
    const Title = filter.label[language];
    const name = parameterName(filter);
    if (filter.kind === 'days') {
      return ENDS.map((end) => ({
        DateTimePicker: {
          ParameterControlId: `${sheet.id}-${filter.id}-${end.toLowerCase()}`,
          Title: `${Title} · ${TEXTS[end === 'First' ? 'first_day' : 'last_day'][language]}`,
          SourceParameterName: `${name}${end}`,
          DisplayOptions: { DateTimeFormat: language === 'fr' ? 'DD/MM/YYYY' : 'YYYY-MM-DD' },
        },
      }));
    }
    const source = shownOn([sheet], shown).find((one) => reaches(filter, one));
    if (source === undefined) return [];
    const ColumnName = wordsColumn(filter.column);
    return [
      {
        Dropdown: {
          ParameterControlId: `${sheet.id}-${filter.id}`,
          Title,
          SourceParameterName: name,
          Type: 'MULTI_SELECT',
          SelectableValues: { LinkToDataSetColumn: { DataSetIdentifier: source.source, ColumnName } },
          DisplayOptions: { SelectAllOptions: { Visibility: 'VISIBLE' } },
        },
      },
    ];
  });
}

function shownOn(sheets: readonly Sheet[], shown: readonly ShownSet[]): ShownSet[] {
  const sources = new Set(sheets.flatMap(({ visuals }) => visuals.map(({ source }) => source)));
  return shown.filter(({ source }) => sources.has(source));
}

/** One group a filter and data set, over the visuals of the data set. */
export function filterGroups(
  filters: readonly Filter[],
  dashboard: Dashboard,
  shown: readonly ShownSet[],
): FilterGroup[] {
  const chosen = filters.flatMap((filter) =>
    shownOn(dashboard.sheets, shown)
      .filter((one) => reaches(filter, one))
      .map((one): FilterGroup => {
        const id = `${filter.id}-${one.source}`;
        return group(id, followed(id, filter, one), dashboard, ({ source }) => source === one.source);
      }),
  );
  const own = dashboard.sheets.flatMap(({ visuals }) => visuals).flatMap((visual) => ownGroups(visual, dashboard));
  return [...chosen, ...own];
}

function group(
  FilterGroupId: string,
  filter: QuickSightFilter,
  { sheets }: Dashboard,
  isMeant: (visual: Visual) => boolean,
): FilterGroup {
  const scopes = sheets.flatMap(({ id, visuals }) => {
    const meant = visuals.filter(isMeant).map((visual) => visual.id);
    return meant.length === 0 ? [] : [{ SheetId: id, Scope: 'SELECTED_VISUALS' as const, VisualIds: meant }];
  });
  return {
    FilterGroupId,
    Filters: [filter],
    ScopeConfiguration: { SelectedSheets: { SheetVisualScopingConfigurations: scopes } },
    Status: 'ENABLED',
    CrossDataset: 'SINGLE_DATASET',
  };
}

function followed(FilterId: string, filter: Filter, { source, columns }: ShownSet): QuickSightFilter {
  const name = parameterName(filter);
  if (filter.kind === 'days') {
    return {
      TimeRangeFilter: {
        FilterId,
        Column: { DataSetIdentifier: source, ColumnName: filter.column },
        RangeMinimumValue: { Parameter: `${name}First` },
        RangeMaximumValue: { Parameter: `${name}Last` },
        IncludeMinimum: true,
        IncludeMaximum: true,
        NullOption: 'NON_NULLS_ONLY',
        TimeGranularity: 'DAY',
      },
    };
  }
  const words = wordsColumn(filter.column);
  const CategoryFilter: CategoryFilter = {
    FilterId,
    Column: {
      DataSetIdentifier: source,
      ColumnName: columns.some((column) => column.name === words) ? words : filter.column,
    },
    Configuration: {
      CustomFilterConfiguration: {
        MatchOperator: 'EQUALS',
        ParameterName: name,
        NullOption: 'NON_NULLS_ONLY',
        SelectAllOptions: 'FILTER_ALL_VALUES',
      },
    },
  };
  return { CategoryFilter };
}

/** What the description itself leaves out of a visual: rows that a column marks, and marks beyond the first. */
function ownGroups(visual: Visual, dashboard: Dashboard): FilterGroup[] {
  const { id, source, only, top, order = [] } = visual;
  const isThis = (one: Visual) => one.id === id;
  const column = (ColumnName: string) => ({ DataSetIdentifier: source, ColumnName });
  const marked =
    only === undefined
      ? []
      : [
          group(
            `${id}-only`,
            {
              NumericEqualityFilter: {
                FilterId: `${id}-only`,
                Column: column(only),
                Value: 1,
                MatchOperator: 'EQUALS',
                NullOption: 'NON_NULLS_ONLY',
              },
            },
            dashboard,
            isThis,
          ),
        ];
  const [by] = order;
  const named = namedBy(visual);
  if (top === undefined || by === undefined || named === undefined) return marked;
  const isAdded = visual.kind === 'pivot' || (visual.kind === 'bar' && visual.isTotal === true);
  const first = {
    TopBottomFilter: {
      FilterId: `${id}-top`,
      Column: column(wordsColumn(named.column)),
      Limit: top,
      AggregationSortConfigurations: [
        {
          Column: column(by.column),
          SortDirection: by.descending ? ('DESC' as const) : ('ASC' as const),
          AggregationFunction: {
            NumericalAggregationFunction: {
              SimpleNumericalAggregation: isAdded ? ('SUM' as const) : ('MAX' as const),
            },
          },
        },
      ],
    },
  };
  return [...marked, group(`${id}-top`, first, dashboard, isThis)];
}

/** What the first of a visual are the first of; a table shows all of its rows, page by page. */
function namedBy(visual: Visual): Field | undefined {
  if (visual.kind === 'bar') return visual.category;
  if (visual.kind === 'scatter') return visual.label;
  return visual.kind === 'pivot' ? visual.rows[0] : undefined;
}
