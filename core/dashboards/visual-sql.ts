/** The SQL of a visual, in the dialect that Athena, Trino and DuckDB share. */
import { COMPARED_PERIODS, type ComparedPeriods, comparedPeriodsSql } from './compared-periods.ts';
import { pivotSql } from './pivot-sql.ts';
import { columnsOf, type DashboardSet, type Filter, fieldsOf, type Visual } from './types.ts';

/** Values chosen by filter id; for days, the first and the last, either of them empty. */
export type Selection = Readonly<Record<string, readonly string[]>>;

/** Values by name: they are bound, never text of the query. */
export type Parameters = Readonly<Record<string, string>>;

export interface VisualSql {
  /** Has `:name` for each parameter. */
  readonly sql: string;
  readonly parameters: Parameters;
  /** Whether the filters reach the rows. */
  readonly isFiltered: boolean;
}

export type ViewTexts = readonly { readonly name: string; readonly sql: string }[];

/**
 * With a selection, the table is narrowed under its own name and the views stand in the text, so that the one
 * statement runs on any engine that has the table. `periods` take the place of those that the views compare.
 */
export function visualSql(
  set: DashboardSet,
  visual: Visual,
  views: ViewTexts,
  selection: Selection,
  periods?: ComparedPeriods,
): VisualSql {
  const isOfTable = readsTable(set, visual, views);
  const chosen = where(set.filters, selection);
  const isNarrowed = isOfTable && chosen.conditions.length > 0;
  const compared = periods !== undefined && comparesPeriods(visual, views) ? comparedPeriodsSql(periods) : undefined;
  if (!isNarrowed && compared === undefined) return { sql: selectOf(visual), parameters: {}, isFiltered: isOfTable };
  const steps = [
    ...(isNarrowed ? [step(set.table, filteredTable(set, chosen.conditions))] : []),
    ...viewsBehind(visual.source, views).map(({ name, sql }) =>
      step(name, (name === COMPARED_PERIODS ? compared?.sql : undefined) ?? sql.trim()),
    ),
  ];
  return {
    sql: `with ${steps.join(',\n')}\n${selectOf(visual)}`,
    parameters: { ...(isNarrowed && chosen.parameters), ...compared?.parameters },
    isFiltered: isOfTable,
  };
}

/** Whether the visual shows rows of the table that filters choose from. */
export function readsTable(set: DashboardSet, visual: Visual, views: ViewTexts): boolean {
  return viewsBehind(visual.source, views).some(({ sql }) => reads(sql, set.table));
}

/** Whether the visual compares two periods. */
export function comparesPeriods(visual: Visual, views: ViewTexts): boolean {
  return viewsBehind(visual.source, views).some(({ name }) => name === COMPARED_PERIODS);
}

/** The view of a name and those that it reads, each behind those that it reads itself; none where it is no view. */
function viewsBehind(name: string, views: ViewTexts): ViewTexts {
  const view = views.find((one) => one.name === name);
  if (view === undefined) return [];
  const read = views.filter((other) => other !== view && reads(view.sql, other.name));
  return [...new Set([...read.flatMap((other) => viewsBehind(other.name, views)), view])];
}

function reads(sql: string, name: string): boolean {
  return new RegExp(`\\b(?:from|join) ${name}\\b`).test(bare(sql));
}

function step(name: string, sql: string): string {
  return `${name} as (\n${indented(sql)}\n)`;
}

/** The same choice for a statement of one's own over the table. */
export function overTable(set: DashboardSet, select: string, selection: Selection): Omit<VisualSql, 'isFiltered'> {
  const { conditions, parameters } = where(set.filters, selection);
  if (conditions.length === 0) return { sql: select, parameters };
  return { sql: `with ${step(set.table, filteredTable(set, conditions))}\n${select}`, parameters };
}

function filteredTable({ table }: DashboardSet, conditions: readonly string[]): string {
  return `select *\nfrom ${table}\nwhere ${conditions.join('\n  and ')}`;
}

function selectOf(visual: Visual): string {
  if (visual.kind === 'pivot') return pivotSql(visual);
  const { source, only, order = [], top } = visual;
  const totals = visual.kind === 'bar' && visual.isTotal ? visual.value.column : undefined;
  const columns = columnsOf(visual).map((name) => (name === totals ? `cast(sum(${name}) as bigint) as ${name}` : name));
  const groups =
    totals === undefined ? [] : fieldsOf(visual).flatMap(({ column }) => (column === totals ? [] : column));
  const sorted = order.map(({ column, descending }) => `${column}${descending ? ' desc' : ''} nulls last`);
  return [
    `select ${columns.join(', ')}`,
    `from ${source}`,
    ...(only === undefined ? [] : [`where ${only}`]),
    ...(groups.length === 0 ? [] : [`group by ${groups.join(', ')}`]),
    ...(sorted.length === 0 ? [] : [`order by ${sorted.join(', ')}`]),
    ...(top === undefined ? [] : [`limit ${top}`]),
  ].join('\n');
}

function where(filters: readonly Filter[], selection: Selection) {
  const conditions: string[] = [];
  const parameters: Record<string, string> = {};
  for (const { id, kind, column } of filters) {
    const values = selection[id] ?? [];
    if (kind === 'days') {
      for (const [at, compare] of [
        [0, '>='],
        [1, '<='],
      ] as const) {
        const day = values[at];
        if (day === undefined || day === '') continue;
        const name = `${id}_${at === 0 ? 'first' : 'last'}`;
        conditions.push(`${column} ${compare} cast(:${name} as date)`);
        parameters[name] = day;
      }
    } else if (values.length > 0) {
      const names = values.map((_, at) => `${id}_${at + 1}`);
      conditions.push(`${column} in (${names.map((name) => `:${name}`).join(', ')})`);
      for (const [at, name] of names.entries()) parameters[name] = values[at] ?? '';
    }
  }
  return { conditions, parameters };
}

function bare(sql: string): string {
  return sql.replace(/--[^\n]*/g, '');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
