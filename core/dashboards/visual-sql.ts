/** The SQL of a visual, in the dialect that Athena, Trino and DuckDB share. */
import { columnsOf, type DashboardSet, type Filter, fieldsOf, type Visual } from './types.ts';

/** Values chosen by filter id; for days, the first and the last, either of them empty. */
export type Selection = Readonly<Record<string, readonly string[]>>;

export interface VisualSql {
  /** Has `:name` for each parameter. */
  readonly sql: string;
  /** Values by name: they are bound, never text of the query. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the filters reach the rows. */
  readonly isFiltered: boolean;
}

/** Texts of the views by name, each behind those that it reads. */
export type ViewTexts = readonly { readonly name: string; readonly sql: string }[];

/**
 * With a selection, the table is narrowed under its own name and the source stands in the text, so that the one
 * statement runs on any engine that has the table.
 */
export function visualSql(set: DashboardSet, visual: Visual, views: ViewTexts, selection: Selection): VisualSql {
  const view = views.find(({ name }) => name === visual.source);
  const reads = readsTable(set, visual, views);
  const chosen = where(set.filters, selection);
  const isFiltered = reads && chosen.conditions.length > 0;
  if (view === undefined || !isFiltered) return { sql: selectOf(visual), parameters: {}, isFiltered: reads };
  const narrowed = `${set.table} as (\n${indented(filteredTable(set, chosen.conditions))}\n)`;
  const source = `${view.name} as (\n${indented(view.sql.trim())}\n)`;
  return { sql: `with ${narrowed},\n${source}\n${selectOf(visual)}`, parameters: chosen.parameters, isFiltered };
}

/** Whether the visual shows rows of the table that filters choose from. */
export function readsTable(set: DashboardSet, visual: Visual, views: ViewTexts): boolean {
  const view = views.find(({ name }) => name === visual.source);
  return view !== undefined && new RegExp(`\\b(?:from|join) ${set.table}\\b`).test(bare(view.sql));
}

/** The same choice for a statement of one's own over the table. */
export function overTable(set: DashboardSet, select: string, selection: Selection): Omit<VisualSql, 'isFiltered'> {
  const { conditions, parameters } = where(set.filters, selection);
  if (conditions.length === 0) return { sql: select, parameters };
  const narrowed = `${set.table} as (\n${indented(filteredTable(set, conditions))}\n)`;
  return { sql: `with ${narrowed}\n${select}`, parameters };
}

function filteredTable({ table }: DashboardSet, conditions: readonly string[]): string {
  return `select *\nfrom ${table}\nwhere ${conditions.join('\n  and ')}`;
}

function selectOf(visual: Visual): string {
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
