import { columnsOf, type Order, type Pivot } from './types.ts';

/** One row a cell of a pivot, added over the other columns of its source, in the order in which its rows stand. */
export function pivotSql(visual: Pivot): string {
  const { source, only, order = [] } = visual;
  const groups = [...visual.rows, visual.columns].map(({ column }) => column);
  const conditions = [...(only === undefined ? [] : [only]), ...firstRows(visual)];
  const sorted = order.map((one) => `${placeOf(visual, groups, one)}${one.descending ? ' desc' : ''} nulls last`);
  return [
    `select ${columnsOf(visual)
      .map((name) => (groups.includes(name) ? name : `${aggregateOf(visual, name)} as ${name}`))
      .join(', ')}`,
    `from ${source}`,
    ...(conditions.length === 0 ? [] : [`where ${conditions.join('\n  and ')}`]),
    `group by ${groups.join(', ')}`,
    ...(sorted.length === 0 ? [] : [`order by ${sorted.join(', ')}`]),
  ].join('\n');
}

/** Whether the column is added up to make a cell. */
export function isAdded({ value, numerator, sample }: Pivot, column: string): boolean {
  return column === numerator || column === sample || (column === value.column && value.format !== 'rate');
}

function aggregateOf(visual: Pivot, column: string): string {
  const { value, numerator, sample, simulated } = visual;
  if (column === simulated) return `bool_or(${column})`;
  if (column === value.column && value.format === 'rate') return `1e0 * sum(${numerator}) / sum(${sample})`;
  return column === value.column && value.format !== 'count' ? `sum(${column})` : `cast(sum(${column}) as bigint)`;
}

/** A measure orders rows by what they add up to; any other column by its least value, since it has one a row. */
function placeOf(visual: Pivot, groups: readonly string[], { column }: Order): string {
  if (groups.includes(column)) return column;
  if (!isAdded(visual, column)) return `min(${column})`;
  // In an order, Trino takes a bare name for the cell that bears it, which cannot be added up again.
  return `sum(sum(${visual.source}.${column})) over (partition by ${visual.rows.map((field) => field.column).join(', ')})`;
}

function firstRows({ source, only, order: [by] = [], top, rows: [{ column }] }: Pivot): string[] {
  if (top === undefined || by === undefined) return [];
  const kept = only === undefined ? '' : ` where ${only}`;
  const first = `order by sum(${by.column})${by.descending ? ' desc' : ''} nulls last, ${column} limit ${top}`;
  return [`${column} in (select ${column} from ${source}${kept} group by ${column} ${first})`];
}
