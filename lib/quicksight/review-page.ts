/** What QuickSight is given, in words and without ids, so that a change of it reads well. */
import type { DashboardVersionDefinition, FilterGroup, SheetDefinition } from '@aws-sdk/client-quicksight';
import type { Dashboard } from '../../core/dashboards/types.ts';
import { compileDashboard } from './compile-dashboard.ts';
import type { CompiledSet } from './compile-set.ts';
import { schedules } from './data-set.ts';
import type { ShownSet } from './shown-set.ts';
import { type AnyVisual, anyVisual, type Node, nodesOf, nodesUnder, textsUnder, well } from './walk-definition.ts';

/** The page of all dashboards of a description, from their compiled definitions. */
export function reviewPage(compiled: CompiledSet): string {
  const { set, shown } = compiled;
  return [
    '# What QuickSight is given',
    '',
    'Written by `npm run docs` from the compiled definitions: read its difference to review a change. It names views,',
    'columns and what readers see, and no id. See [dashboards](dashboards.md) for what stands in the place of what.',
    ...set.dashboards.flatMap((dashboard) => dashboardLines(compiled, dashboard)),
    '',
    '## Data sets',
    '',
    ...table(['view', 'kept', 'read anew', 'columns'], shown.map(setCells)),
    '',
  ].join('\n');
}

function dashboardLines(compiled: CompiledSet, dashboard: Dashboard): string[] {
  const definition = compileDashboard({ ...compiled, dataSetArn: (source) => source }, dashboard);
  const readers = [...new Set(['analysts', ...(dashboard.readers ?? [])])];
  const computed = (definition.CalculatedFields ?? []).map(({ Name, Expression }) => [`${Name}`, `\`${Expression}\``]);
  return [
    '',
    `## ${dashboard.title[compiled.language]}`,
    '',
    `For ${readers.join(' and ')}.`,
    ...(computed.length === 0 ? [] : ['', ...table(['computed', 'from'], computed)]),
    ...(definition.Sheets ?? []).flatMap((sheet) => sheetLines(definition, sheet)),
  ];
}

function sheetLines(definition: DashboardVersionDefinition, sheet: SheetDefinition): string[] {
  const notes = textsUnder(sheet.TextBoxes, 'Content').flatMap((content) =>
    [...content.matchAll(/<inline[^>]*>([^<]+)</g)].map(([, text = '']) => `- ${text}`),
  );
  const choices = textsUnder(sheet.ParameterControls, 'Title');
  const visuals = (sheet.Visuals ?? []).map(anyVisual);
  return [
    '',
    `### ${sheet.Name}`,
    '',
    `Readers choose: ${choices.length === 0 ? 'nothing' : choices.join(', ')}.`,
    '',
    ...notes,
    '',
    ...table(
      ['visual', 'is', 'reads', 'shows', 'sorted by', 'narrowed by', 'besides'],
      visuals.map((visual) => visualCells(definition, visual)),
    ),
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  KPIVisual: 'a number',
  LineChartVisual: 'lines',
  BarChartVisual: 'bars',
  HeatMapVisual: 'a heat map',
  TableVisual: 'a table',
  PivotTableVisual: 'a pivot',
  ScatterPlotVisual: 'points',
};
const WELLS = ['Category', 'Label', 'Rows', 'Columns', 'Colors', 'XAxis', 'YAxis', 'Size', 'Values', 'TargetValues'];

function visualCells(definition: DashboardVersionDefinition, visual: AnyVisual): string[] {
  const { kind, id, body } = visual;
  const groups = (definition.FilterGroups ?? []).filter(({ ScopeConfiguration }) =>
    nodesUnder(ScopeConfiguration, 'SheetVisualScopingConfigurations').some(({ VisualIds }) =>
      (VisualIds as string[]).includes(id),
    ),
  );
  const wells = WELLS.flatMap((name) => well(body, name).map(fieldWords));
  return [
    textsUnder(body.Title, 'PlainText').join(' '),
    KINDS[kind] ?? kind,
    [...new Set(textsUnder(body, 'DataSetIdentifier'))].join(', '),
    wells.join(' · '),
    sortWords(body),
    groups.map(filterWords).join(' · '),
    [...tooltipWords(body), ...lineWords(body), ...clickWords(body)].join('; '),
  ];
}

function fieldWords(field: Node): string {
  const [column = ''] = textsUnder(field, 'ColumnName');
  const [how] = textsUnder(field, 'SimpleNumericalAggregation');
  const [grain] = textsUnder(field, 'DateGranularity');
  const format = nodesUnder(field, 'PercentageDisplayFormatConfiguration').length > 0 ? ' in percent' : '';
  return `${column}${how === undefined ? '' : ` (${how.toLowerCase()})`}${grain === undefined ? '' : ` by ${grain.toLowerCase()}`}${format}`;
}

function sortWords(body: Node): string {
  const columns = new Map(
    nodesUnder(body, 'FieldWells')
      .flatMap((wells) => nodesOf(wells))
      .flatMap(([, { FieldId, Column }]) => (Column === undefined ? [] : [[FieldId, (Column as Node).ColumnName]])),
  );
  // Those of a pivot have keys of their own.
  const pivots = nodesUnder(body, 'FieldSortOptions').flatMap(({ SortBy }) => Object.values(SortBy as Node) as Node[]);
  return [...nodesUnder(body, 'FieldSort', 'ColumnSort'), ...pivots]
    .map(({ FieldId, SortBy, Direction }) => {
      const column = FieldId === undefined ? (SortBy as Node).ColumnName : columns.get(FieldId);
      return `${column}${Direction === 'DESC' ? ' down' : ''}`;
    })
    .join(', ');
}

function filterWords({ Filters = [] }: FilterGroup): string {
  return Filters.flatMap((filter) => Object.values(filter) as Node[])
    .map((filter) => {
      const column = (filter.Column as Node).ColumnName;
      const [by] = textsUnder(filter.AggregationSortConfigurations, 'ColumnName');
      if (by !== undefined) return `the first ${filter.Limit} ${column} by ${by}`;
      if (filter.Value !== undefined) return `${column} = ${filter.Value}`;
      const names = [...textsUnder(filter, 'ParameterName'), ...textsUnder(filter, 'Parameter')];
      return `${column}, as chosen in ${names.join(' and ')}`;
    })
    .join(', ');
}

function tooltipWords(body: Node): string[] {
  const columns = nodesUnder(body, 'ColumnTooltipItem').flatMap((item) => textsUnder(item, 'ColumnName'));
  return columns.length === 0 ? [] : [`the tooltip has ${columns.join(', ')}`];
}

function lineWords(body: Node): string[] {
  return nodesUnder(body, 'StaticConfiguration').map(({ Value }) => `a line at ${Value}`);
}

function clickWords(body: Node): string[] {
  return textsUnder(body.Actions, 'DestinationParameterName').map((name) => `a click sets ${name}`);
}

function setCells(shown: ShownSet): string[] {
  const often = schedules(shown).map(
    ({ ScheduleFrequency, RefreshType }) =>
      `${String(ScheduleFrequency.Interval).toLowerCase()}, ${RefreshType === 'FULL_REFRESH' ? 'all of it' : `new days by ${shown.timeColumn}`}`,
  );
  return [
    shown.source,
    shown.isLive ? 'no: asked at each look' : 'in memory',
    shown.isLive ? '' : ['after each publication, all of it', ...often].join('; '),
    shown.columns.map(({ name }) => name).join(', '),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
