/** What is wrong with a description of dashboards, beyond what the compiler sees. */
import { kindFaults, type TypeOf } from './lint-kinds.ts';
import { columnsOf, type DashboardSet, type Field, type Filter, type Visual, visualsOf } from './types.ts';

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
    ...modelFaults(set, sources),
    ...(set.samples.hidden > set.samples.faded ? ['samples are hidden before they are faded'] : []),
  ];
}

function modelFaults({ model }: DashboardSet, sources: Sources): string[] {
  if (model === undefined) return [];
  const columns = sources[model.source];
  if (columns === undefined) return [`there is no view '${model.source}' of the model`];
  const unknown = [model.version, model.scoredAt].filter((name) => columns.every((column) => column.name !== name));
  return unknown.length === 0 ? [] : [`${model.source} has no column '${unknown.join("', '")}'`];
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

function booleanFaults({ only, simulated }: Visual, typeOf: TypeOf): string[] {
  return [only, simulated].flatMap((name) =>
    name === undefined || typeOf(name) === 'boolean' ? [] : [`${name} is ${typeOf(name)}, expected a boolean`],
  );
}

const NUMBERS = /^(tinyint|smallint|integer|bigint|real|double|decimal)/;

function measureFaults(visual: Visual, typeOf: TypeOf): string[] {
  const { sample, interval } = visual;
  const measures = measuresOf(visual);
  const columns = visual.kind === 'kpi' ? [] : measures.map(({ column }) => column);
  const numerator = visual.kind === 'pivot' ? visual.numerator : undefined;
  const numbers = [...columns, numerator, sample, interval?.low, interval?.high].filter((name) => name !== undefined);
  return [
    ...numbers.flatMap((name) =>
      NUMBERS.test(typeOf(name) ?? '') ? [] : [`${name} is ${typeOf(name)}, expected a number`],
    ),
    ...(measures.some(({ format }) => format === 'rate') && sample === undefined
      ? ['a rate is shown without its sample']
      : []),
    ...(interval !== undefined && sample === undefined ? ['an interval is shown without its sample'] : []),
  ];
}

/** What is drawn in proportion to its value. A table shows what it is given. */
function measuresOf(visual: Visual): readonly Field[] {
  if (visual.kind === 'table') return [];
  if (visual.kind === 'line') return [visual.y];
  if (visual.kind === 'scatter') return [visual.x, visual.y, ...(visual.size === undefined ? [] : [visual.size])];
  return [visual.value];
}
