/** What QuickSight would ask of a data set to draw a visual, read from the compiled definition, as SQL over the views. */
import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import { type ShownSet, setSql } from '../../lib/quicksight/shown-set.ts';
import {
  type AnyVisual,
  anyVisual,
  type Node,
  nodesUnder,
  textsUnder,
  well,
} from '../../lib/quicksight/walk-definition.ts';

const WELLS = ['Label', 'Category', 'Rows', 'Columns', 'Colors'];
const MEASURES = ['XAxis', 'YAxis', 'Size', 'Values', 'TargetValues'];

/** Dimensions first, then measures; a table as it is. */
export function drawnSql(definition: DashboardVersionDefinition, id: string, shown: readonly ShownSet[]): string {
  const visual = (definition.Sheets ?? [])
    .flatMap(({ Visuals = [] }) => Visuals.map(anyVisual))
    .find((one) => one.id === id);
  if (visual === undefined) throw new Error(`the definition has no visual '${id}'`);
  const { kind, body } = visual;
  const from = fromOf(definition, visual, shown);
  if (kind === 'TableVisual') return `select ${well(body, 'Values').map(columnName).join(', ')} ${from}`;
  const dimensions = WELLS.flatMap((name) => well(body, name).map(columnName));
  const measures = MEASURES.flatMap((name) => well(body, name).map((field) => aggregate(definition, field)));
  const selected = `select ${[...dimensions, ...measures].join(', ')} ${from}`;
  if (dimensions.length === 0) return selected;
  const first = firstOf(definition, visual);
  if (kind !== 'PivotTableVisual' || first === '') return `${selected} group by ${dimensions.join(', ')}${first}`;
  // The first of a pivot are its rows, whose cells stay whole.
  const [rows] = dimensions;
  return `${selected} where ${rows} in (select ${rows} ${from} group by 1${first}) group by ${dimensions.join(', ')}`;
}

function columnName(field: Node): string {
  return textsUnder(field, 'ColumnName')[0] ?? '';
}

function aggregate({ CalculatedFields = [] }: DashboardVersionDefinition, field: Node): string {
  const [how] = textsUnder(field, 'SimpleNumericalAggregation');
  const name = columnName(field);
  if (how !== undefined) return `${how.toLowerCase()}(${name})`;
  const expression = CalculatedFields.find(({ Name }) => Name === name)?.Expression ?? '';
  return expression
    .replace(/maxIf\(\{(\w+)\}, (.+)\)$/, 'max(case when $2 then $1 end)')
    .replace(/\{(\w+)\}/g, '$1')
    .replace(/^100 \*/, '100e0 *')
    .replace(/^1\.0 \*/, '1e0 *');
}

function filtersOf({ FilterGroups = [] }: DashboardVersionDefinition, { id }: AnyVisual): Node[] {
  return FilterGroups.filter(({ ScopeConfiguration }) =>
    nodesUnder(ScopeConfiguration, 'SheetVisualScopingConfigurations').some(({ VisualIds }) =>
      (VisualIds as string[]).includes(id),
    ),
  ).flatMap(({ Filters = [] }) => Filters.flatMap((filter) => Object.values(filter) as Node[]));
}

function fromOf(definition: DashboardVersionDefinition, visual: AnyVisual, shown: readonly ShownSet[]): string {
  const [source] = textsUnder(visual.body, 'DataSetIdentifier');
  const set = shown.find((one) => one.source === source);
  if (set === undefined) throw new Error(`the visual '${visual.id}' reads no data set`);
  const sql = setSql(set, 'lake').replace(`"AwsDataCatalog"."lake"."${source}"`, set.source);
  const kept = filtersOf(definition, visual).filter(({ Value }) => Value !== undefined);
  const where = kept.map((filter) => `${columnName(filter)} = ${filter.Value}`).join(' and ');
  return `from (${sql}) as data${where === '' ? '' : ` where ${where}`}`;
}

function firstOf(definition: DashboardVersionDefinition, visual: AnyVisual): string {
  const top = filtersOf(definition, visual).find(({ Limit }) => Limit !== undefined);
  if (top === undefined) return '';
  const [by] = nodesUnder(top, 'AggregationSortConfigurations');
  const how = String(textsUnder(by, 'SimpleNumericalAggregation')[0]).toLowerCase();
  const direction = by?.SortDirection === 'DESC' ? 'desc' : 'asc';
  return ` order by ${how}(${textsUnder(by, 'ColumnName')[0]}) ${direction}, 1 limit ${top.Limit}`;
}
