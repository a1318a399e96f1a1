import { expect, test } from 'vitest';
import { lintDashboards, type Sources } from './lint.ts';
import type { Bar, DashboardSet, Format, Kpi, Line, Pivot, Scatter, Table, Visual } from './types.ts';

const text = (en: string) => ({ en, fr: en });
const field = (column: string, format: Format = 'count') => ({
  column,
  format,
  label: text(column),
});
const SOURCES: Sources = {
  rates: [
    { name: 'channel', athenaType: 'varchar' },
    { name: 'day', athenaType: 'date' },
    { name: 'attempts', athenaType: 'bigint' },
    { name: 'completed', athenaType: 'bigint' },
    { name: 'rate', athenaType: 'double' },
    { name: 'low', athenaType: 'double' },
    { name: 'high', athenaType: 'double' },
    { name: 'is_small', athenaType: 'boolean' },
  ],
};
const shown = { id: 'a', title: text('a'), question: text('a?'), source: 'rates' };
const kpi: Kpi = { ...shown, kind: 'kpi', value: field('attempts') };
const bar: Bar = {
  ...shown,
  kind: 'bar',
  category: field('channel', 'text'),
  value: field('rate', 'rate'),
  sample: 'attempts',
};
const line: Line = { ...shown, kind: 'line', x: field('day', 'day'), y: field('attempts') };
const table: Table = { ...shown, kind: 'table', columns: [field('channel', 'text'), field('attempts')] };
const pivot: Pivot = {
  ...shown,
  kind: 'pivot',
  rows: [field('channel', 'text')],
  columns: field('day', 'day'),
  value: field('rate', 'rate'),
  numerator: 'completed',
  sample: 'attempts',
};
const scatter: Scatter = {
  ...shown,
  kind: 'scatter',
  x: field('attempts'),
  y: field('rate', 'rate'),
  label: field('channel', 'text'),
  sample: 'attempts',
};

function setOf(visuals: readonly Visual[], given: Partial<DashboardSet> = {}): DashboardSet {
  return {
    dataset: 'bookings',
    table: 'bookings',
    filters: [{ id: 'channel', kind: 'values', column: 'channel', label: text('Channel') }],
    dashboards: [
      { id: 'one', title: text('One'), audience: text('All'), sheets: [{ id: 's', title: text('S'), visuals }] },
    ],
    words: {},
    staleAfterHours: 24,
    samples: { faded: 30, hidden: 10 },
    ...given,
  };
}

const faults = (visuals: readonly Visual[], given: Partial<DashboardSet> = {}) =>
  lintDashboards(setOf(visuals, given), SOURCES, ['channel', 'day']).join('\n');

test('a right description has no fault', () => {
  expect(
    faults([
      kpi,
      { ...bar, id: 'b', drill: 'channel' },
      { ...line, id: 'c' },
      { ...table, id: 'd' },
      { ...pivot, id: 'e' },
      { ...scatter, id: 'f', drill: 'channel' },
    ]),
  ).toBe('');
});

const MODEL = { source: 'rates', version: 'version', scoredAt: 'day' };

const { numerator: _numerator, ...pivotWithoutNumerator } = pivot;
const { sample: _sampleOfPivot, ...pivotWithoutSample } = pivot;
const { sample: _sample, ...scatterWithoutSample } = scatter;
const days = { id: 'dates', kind: 'days', column: 'day', label: text('Dates') } as const;
const CASES: readonly (readonly [string, string, Visual, Partial<DashboardSet>?])[] = [
  ['an unknown view', "there is no view 'nowhere'", { ...kpi, source: 'nowhere' }],
  ['an unknown column', "has no column 'price'", { ...kpi, value: field('price') }],
  ['an unknown column in the order', "has no column 'price'", { ...kpi, order: [{ column: 'price' }] }],
  ['an unknown column in the condition', "has no column 'price'", { ...kpi, only: 'price' }],
  ['an id that is none', "the id 'A b' is no id", { ...kpi, id: 'A b' }],
  ['a drill to no filter', "sets the filter 'country', which there is not", { ...bar, drill: 'country' }],
  ['a drill to a filter by days', 'expected one by values', { ...bar, drill: 'dates' }, { filters: [days] }],
  ['a filter by an unknown column', "the table has no column 'week'", kpi, { filters: [{ ...days, column: 'week' }] }],
  ['a filter whose id is taken', 'the id is taken', kpi, { filters: [{ ...days, id: 'lang' }] }],
  ['two filters of one id', "the filter 'dates' is there twice", kpi, { filters: [days, days] }],
  ['a condition that is no boolean', 'channel is varchar, expected a boolean', { ...kpi, only: 'channel' }],
  ['a bar of texts', 'channel is varchar, expected a number', { ...bar, value: field('channel') }],
  ['a rate without its sample', 'a rate is shown without its sample', { ...kpi, value: field('rate', 'rate') }],
  [
    'an interval without its sample',
    'an interval is shown without its sample',
    { ...kpi, interval: { low: 'low', high: 'high' } },
  ],
  ['a line over no time', 'a line runs over time', { ...line, x: field('channel', 'text') }],
  ['a table without columns', 'a table without columns', { ...table, columns: [] }],
  [
    'a table with a column twice',
    "the column 'attempts' is there twice",
    { ...table, columns: [field('attempts'), field('attempts')] },
  ],
  ['a sum of rates', 'a rate cannot be summed', { ...bar, isTotal: true }],
  ['a pivot of a rate without its numerator', 'give its numerator and its sample', pivotWithoutNumerator],
  ['a pivot of a rate without its sample', 'give its numerator and its sample', pivotWithoutSample],
  [
    'a pivot of differences',
    "of counts, numbers or rates, found 'points'",
    { ...pivot, value: field('rate', 'points') },
  ],
  ['a numerator of a count', "a numerator is of a rate, found 'count'", { ...pivot, value: field('attempts') }],
  ['a numerator of text', 'channel is varchar, expected a number', { ...pivot, numerator: 'channel' }],
  [
    'a pivot by one column twice',
    "the column 'channel' is there twice",
    { ...pivot, columns: field('channel', 'text') },
  ],
  ['a pivot with an interval', 'no place for an interval', { ...pivot, interval: { low: 'low', high: 'high' } }],
  [
    'the first rows of a pivot by a rate',
    'those of the most, found rate',
    { ...pivot, top: 5, order: [{ column: 'rate' }] },
  ],
  [
    'the first rows of a pivot of two fields',
    'are of one field, found two',
    { ...pivot, rows: [field('channel', 'text'), field('is_small', 'yes')], top: 5, order: [{ column: 'attempts' }] },
  ],
  ['points of text', 'channel is varchar, expected a number', { ...scatter, size: field('channel') }],
  ['points of a rate without its sample', 'a rate is shown without its sample', scatterWithoutSample],
  ['points by one measure twice', "the column 'rate' is there twice", { ...scatter, x: field('rate', 'rate') }],
  ['a diagonal of two units', "only be equal in one unit, found 'count' and 'rate'", { ...scatter, hasDiagonal: true }],
  ['the magnitude of a rate', "of a count, found 'rate'", { ...scatter, x: field('low', 'rate'), isLogarithmic: true }],
  ['points whose click sets no filter', "the filter 'country', which there is not", { ...scatter, drill: 'country' }],
  ['a model that is nowhere', "no view 'scores' of the model", kpi, { model: { ...MODEL, source: 'scores' } }],
  ['a model without its version', "rates has no column 'version'", kpi, { model: MODEL }],
  ['the first rows of no order', 'without an order', { ...bar, top: 5 }],
  ['no rows', 'top is 0', { ...bar, top: 0, order: [{ column: 'rate' }] }],
  ['samples hidden before faded', 'samples are hidden before', kpi, { samples: { faded: 5, hidden: 10 } }],
];

test.each(CASES.map(([what, sentence, visual, given]) => ({ what, sentence, visual, given })))(
  'fails for $what',
  ({ sentence, visual, given }) => {
    expect(faults([visual], given)).toContain(sentence);
  },
);

test('fails for two visuals, two sheets or two dashboards of one id', () => {
  expect(faults([kpi, kpi])).toContain("the visual 'a' is there twice");
  const [one] = setOf([]).dashboards;
  const [sheet] = one?.sheets ?? [];
  if (one === undefined || sheet === undefined) throw new Error('the description of the test has no sheet');
  const twice = faults([], { dashboards: [{ ...one, sheets: [sheet, sheet] }, one] });
  expect(twice).toContain("the sheet of one 's' is there twice");
  expect(twice).toContain("the dashboard 'one' is there twice");
});
