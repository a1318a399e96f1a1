/** What each target can show of a description. */
import { type DashboardSet, type Visual, visualsOf } from './types.ts';

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
    instead: {},
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
  { what: 'a table', isUsedBy: ({ kind }) => kind === 'table', instead: {} },
  {
    what: 'intervals',
    isUsedBy: ({ kind, interval }) => interval !== undefined && kind === 'bar',
    instead: { QuickSight: 'two columns of the tooltip: its bars have no error bars' },
  },
  {
    what: 'small samples faded and the smallest hidden',
    isUsedBy: ({ sample }) => sample !== undefined,
    instead: { QuickSight: 'the number of bookings in the tooltip' },
  },
  {
    what: 'simulated times marked',
    isUsedBy: ({ simulated }) => simulated !== undefined,
    instead: { QuickSight: 'a text above the sheet' },
  },
  {
    what: 'a click that filters',
    isUsedBy: (visual) => visual.kind === 'bar' && visual.drill !== undefined,
    instead: {},
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
