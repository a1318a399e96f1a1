/** What is wrong with a description of dashboards, beyond what the compiler sees. */
import { columnsOf, type DashboardSet, type Filter, type Visual, visualsOf } from './types.ts';

/** Columns by source and name, with Athena's type, such as `double`. */
export type Sources = Readonly<Record<string, readonly { readonly name: string; readonly athenaType: string }[]>>;

/** One sentence a fault; none where the description is right. `tableColumns` are those that filters choose by. */
export function lintDashboards(set: DashboardSet, sources: Sources, tableColumns: readonly string[]): string[] {
  const visuals = visualsOf(set);
  return [
    ...repeated(
      'dashboard',
      set.dashboards.map(({ id }) => id),
    ),
    ...set.dashboards.flatMap(({ id, sheets }) =>
      repeated(
        `sheet of ${id}`,
        sheets.map((sheet) => sheet.id),
      ),
    ),
    ...repeated(
      'visual',
      visuals.map(({ id }) => id),
    ),
    ...repeated(
      'filter',
      set.filters.map(({ id }) => id),
    ),
    ...[...set.dashboards, ...visuals, ...set.filters].flatMap(({ id }) =>
      /^[a-z][a-z0-9-]{0,60}$/.test(id) ? [] : [`the id '${id}' is no id, expected small letters, digits and -`],
    ),
    ...set.filters.flatMap((filter) => filterFaults(filter, tableColumns)),
    ...visuals.flatMap((visual) => visualFaults(visual, set, sources).map((fault) => `visual ${visual.id}: ${fault}`)),
    ...(set.samples.hidden > set.samples.faded ? ['samples are hidden before they are faded'] : []),
  ];
}

function repeated(what: string, ids: readonly string[]): string[] {
  return ids.flatMap((id, at) => (ids.indexOf(id) < at ? [`the ${what} '${id}' is there twice`] : []));
}

/** Words of the query string that mean something else. */
const TAKEN = ['lang', 'theme', 'from', 'to'];

function filterFaults({ id, column }: Filter, columns: readonly string[]): string[] {
  return [
    ...(columns.includes(column) ? [] : [`filter ${id}: the table has no column '${column}'`]),
    ...(TAKEN.includes(id) ? [`filter ${id}: the id is taken, expected none of ${TAKEN.join(', ')}`] : []),
  ];
}

function visualFaults(visual: Visual, set: DashboardSet, sources: Sources): string[] {
  const columns = sources[visual.source];
  if (columns === undefined) return [`there is no view '${visual.source}'`];
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.athenaType;
  const { only, order = [], top } = visual;
  const named = [...columnsOf(visual), ...(only === undefined ? [] : [only]), ...order.map(({ column }) => column)];
  const unknown = [...new Set(named)].filter((name) => typeOf(name) === undefined);
  if (unknown.length > 0) return [`${visual.source} has no column '${unknown.join("', '")}'`];
  return [
    ...booleanFaults(visual, typeOf),
    ...measureFaults(visual, typeOf),
    ...kindFaults(visual, set, typeOf),
    ...(top !== undefined && order.length === 0 ? ['the first rows are asked for without an order'] : []),
    ...(top !== undefined && !(Number.isInteger(top) && top > 0) ? [`top is ${top}, expected 1 or more`] : []),
  ];
}

type TypeOf = (column: string) => string | undefined;

function booleanFaults({ only, simulated }: Visual, typeOf: TypeOf): string[] {
  return [only, simulated].flatMap((name) =>
    name === undefined || typeOf(name) === 'boolean' ? [] : [`${name} is ${typeOf(name)}, expected a boolean`],
  );
}

const NUMBERS = /^(tinyint|smallint|integer|bigint|real|double|decimal)/;

function measureFaults(visual: Visual, typeOf: TypeOf): string[] {
  const { sample, interval } = visual;
  const isDrawn = visual.kind === 'bar' || visual.kind === 'heat map';
  const measure = visual.kind === 'line' ? visual.y : isDrawn ? visual.value : undefined;
  const numbers = [measure?.column, sample, interval?.low, interval?.high].filter((name) => name !== undefined);
  const shown = visual.kind === 'kpi' ? visual.value : measure;
  return [
    ...numbers.flatMap((name) =>
      NUMBERS.test(typeOf(name) ?? '') ? [] : [`${name} is ${typeOf(name)}, expected a number`],
    ),
    ...(shown?.format === 'rate' && sample === undefined ? ['a rate is shown without its sample'] : []),
    ...(interval !== undefined && sample === undefined ? ['an interval is shown without its sample'] : []),
  ];
}

function kindFaults(visual: Visual, set: DashboardSet, typeOf: TypeOf): string[] {
  if (visual.kind === 'line') {
    const type = typeOf(visual.x.column) ?? '';
    return /^(date|timestamp)/.test(type) ? [] : [`a line runs over time, found ${visual.x.column} of type ${type}`];
  }
  if (visual.kind === 'table') {
    const names = visual.columns.map(({ column }) => column);
    return names.length === 0 ? ['a table without columns'] : repeated('column', names);
  }
  if (visual.kind !== 'bar') return [];
  const { drill, isTotal, value, interval, series } = visual;
  const filter = set.filters.find(({ id }) => id === drill);
  return [
    ...(drill !== undefined && filter === undefined ? [`a click sets the filter '${drill}', which there is not`] : []),
    ...(filter?.kind === 'days' ? ['a click sets a filter by days, expected one by values'] : []),
    ...(isTotal && (interval !== undefined || !['count', 'number'].includes(value.format))
      ? ['a rate cannot be summed: the view must give it']
      : []),
    ...(isTotal && series !== undefined ? ['totals have no series'] : []),
  ];
}
