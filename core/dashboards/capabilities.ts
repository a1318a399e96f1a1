/** What each target can show of a description. */
import { type DashboardSet, drillOf, type Visual, visualsOf } from './types.ts';

export const TARGETS = ['local page', 'QuickSight'] as const;
export type Target = (typeof TARGETS)[number];

interface Capability {
  readonly what: string;
  readonly isUsedBy: (visual: Visual) => boolean;
  /** Undefined: as described. Otherwise what is shown in its place. */
  readonly instead: Partial<Readonly<Record<Target, string>>>;
}

const CAPABILITIES: readonly Capability[] = [
  { what: 'a number', isUsedBy: ({ kind }) => kind === 'kpi', instead: {} },
  {
    what: 'a number compared with the period before',
    isUsedBy: (visual) => visual.kind === 'kpi' && visual.comparison !== undefined,
    instead: { QuickSight: 'as described; the days of both periods in a table below' },
  },
  {
    what: 'good and bad changes in colours',
    isUsedBy: (visual) => visual.kind === 'kpi' && visual.comparison !== undefined,
    instead: { QuickSight: 'an arrow; the question says where lower is better' },
  },
  { what: 'a line over time', isUsedBy: ({ kind }) => kind === 'line', instead: {} },
  {
    what: 'a target on a line',
    isUsedBy: (visual) => visual.kind === 'line' && visual.target !== undefined,
    instead: {},
  },
  { what: 'bars', isUsedBy: (visual) => visual.kind === 'bar' && visual.series === undefined, instead: {} },
  { what: 'grouped bars', isUsedBy: (visual) => visual.kind === 'bar' && visual.series !== undefined, instead: {} },
  { what: 'a heat map', isUsedBy: ({ kind }) => kind === 'heat map', instead: {} },
  { what: 'a pivot with totals', isUsedBy: ({ kind }) => kind === 'pivot', instead: {} },
  {
    what: 'a rate in a pivot, computed anew in its totals',
    isUsedBy: (visual) => visual.kind === 'pivot' && visual.numerator !== undefined,
    instead: { QuickSight: 'as described; the number behind each in a second value' },
  },
  {
    what: 'points by two measures',
    isUsedBy: ({ kind }) => kind === 'scatter',
    instead: { QuickSight: 'as described; all points named when they are pointed at' },
  },
  {
    what: 'the line on which two measures are equal',
    isUsedBy: (visual) => visual.kind === 'scatter' && visual.hasDiagonal === true,
    instead: { QuickSight: 'no line: both axes have the same range, and the gap is in a table' },
  },
  { what: 'a table', isUsedBy: ({ kind }) => kind === 'table', instead: {} },
  {
    what: 'the first rows of a table',
    isUsedBy: ({ kind, top }) => kind === 'table' && top !== undefined,
    instead: { QuickSight: 'all rows, in the same order, page by page' },
  },
  {
    what: 'intervals',
    isUsedBy: ({ interval }) => interval !== undefined,
    instead: { QuickSight: 'its bars have no error bars: two lines of the tooltip, two columns of a table' },
  },
  {
    what: 'small samples faded and the smallest hidden',
    isUsedBy: ({ sample }) => sample !== undefined,
    instead: { QuickSight: 'the number of bookings in the tooltip or a column, and a note above the sheet' },
  },
  {
    what: 'simulated times marked',
    isUsedBy: ({ simulated }) => simulated !== undefined,
    instead: { QuickSight: '1 or 0 in the tooltip or a column, and a note above the sheet' },
  },
  {
    what: 'filters that reach all visuals over bookings',
    isUsedBy: () => true,
    instead: { QuickSight: 'those whose view has the column; the others say that they are not filtered' },
  },
  {
    what: 'a click that filters',
    isUsedBy: (visual) => drillOf(visual) !== undefined,
    instead: { QuickSight: 'where the filter reaches a visual of the dashboard, otherwise no click' },
  },
  {
    what: 'the data and the SQL of a visual',
    isUsedBy: () => true,
    instead: { QuickSight: 'its export of the data; the SQL of its data set for analysts' },
  },
];

/** One row a capability: what it is, how many visuals use it, and what each target shows. */
export function capabilityMatrix(set: DashboardSet): (readonly string[])[] {
  const visuals = visualsOf(set);
  return CAPABILITIES.map(({ what, isUsedBy, instead }) => [
    what,
    String(visuals.filter(isUsedBy).length),
    ...TARGETS.map((target) => instead[target] ?? 'as described'),
  ]);
}
