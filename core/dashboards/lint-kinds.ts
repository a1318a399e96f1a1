/** What one kind of visual cannot be made of. */
import { isAdded } from './pivot-sql.ts';
import type { Bar, DashboardSet, Field, Pivot, Scatter, Visual } from './types.ts';
import { drillOf } from './types.ts';

/** Athena's type of a column of the visual's source. */
export type TypeOf = (column: string) => string | undefined;

/** One sentence a fault. Columns that there are not were found before. */
export function kindFaults(visual: Visual, set: DashboardSet, typeOf: TypeOf): string[] {
  switch (visual.kind) {
    case 'line': {
      const type = typeOf(visual.x.column) ?? '';
      return /^(date|timestamp)/.test(type) ? [] : [`a line runs over time, found ${visual.x.column} of type ${type}`];
    }
    case 'table':
      return visual.columns.length === 0 ? ['a table without columns'] : twice(visual.columns);
    case 'bar':
      return [...drillFaults(visual, set), ...barFaults(visual)];
    case 'pivot':
      return pivotFaults(visual);
    case 'scatter':
      return [...drillFaults(visual, set), ...scatterFaults(visual)];
    default:
      return [];
  }
}

function twice(fields: readonly Field[]): string[] {
  const names = fields.map(({ column }) => column);
  return names.flatMap((name, at) => (names.indexOf(name) < at ? [`the column '${name}' is there twice`] : []));
}

function drillFaults(visual: Visual, { filters }: DashboardSet): string[] {
  const drill = drillOf(visual)?.filter;
  const filter = filters.find(({ id }) => id === drill);
  return [
    ...(drill !== undefined && filter === undefined ? [`a click sets the filter '${drill}', which there is not`] : []),
    ...(filter?.kind === 'days' ? ['a click sets a filter by days, expected one by values'] : []),
  ];
}

function barFaults({ isTotal, value, interval, series }: Bar): string[] {
  return [
    ...(isTotal && (interval !== undefined || !['count', 'number'].includes(value.format))
      ? ['a rate cannot be summed: the view must give it']
      : []),
    ...(isTotal && series !== undefined ? ['totals have no series'] : []),
  ];
}

function pivotFaults(visual: Pivot): string[] {
  const { rows, columns, value, numerator, sample, interval, top, order: [by] = [] } = visual;
  const isRate = value.format === 'rate';
  return [
    ...twice([...rows, columns, value]),
    ...(isRate || value.format === 'count' || value.format === 'number'
      ? []
      : [`the totals of a pivot are of counts, numbers or rates, found '${value.format}'`]),
    ...(isRate && (numerator === undefined || sample === undefined)
      ? ['the totals of a rate are computed anew: give its numerator and its sample']
      : []),
    ...(!isRate && numerator !== undefined ? [`a numerator is of a rate, found '${value.format}'`] : []),
    ...(interval !== undefined ? ['a pivot has no place for an interval'] : []),
    ...(top !== undefined && rows.length > 1 ? ['the first rows of a pivot are of one field, found two'] : []),
    ...(top !== undefined && by !== undefined && !isAdded(visual, by.column)
      ? [`the first rows of a pivot are those of the most, found ${by.column}, which is not added up`]
      : []),
  ];
}

function scatterFaults({ x, y, label, series, interval, isLogarithmic, hasDiagonal }: Scatter): string[] {
  return [
    ...twice([label, ...(series === undefined ? [] : [series]), x, y]),
    ...(interval !== undefined ? ['a point has no place for an interval'] : []),
    ...(hasDiagonal && x.format !== y.format
      ? [`both measures can only be equal in one unit, found '${x.format}' and '${y.format}'`]
      : []),
    ...(hasDiagonal && isLogarithmic ? ['a diagonal stands on two equal axes, found one by magnitude'] : []),
    ...(isLogarithmic && x.format !== 'count' ? [`a magnitude is of a count, found '${x.format}'`] : []),
  ];
}
