import { expect, test } from 'vitest';
import type { DashboardSet, Pivot } from '../core/dashboards/types.ts';
import { pivotTable } from './pivot-lines.ts';
import { visualRows } from './visual-rows.ts';

const text = (en: string) => ({ en, fr: en });
const field = (column: string, format: 'text' | 'rate' | 'count' = 'text') => ({ column, format, label: text(column) });
const set: DashboardSet = {
  ...{ dataset: 'd', table: 't', filters: [], dashboards: [], words: {}, staleAfterHours: 1 },
  samples: { faded: 30, hidden: 10 },
};
const pivot: Pivot = {
  ...{ id: 'p', title: text('p'), question: text('p?'), source: 's' },
  kind: 'pivot',
  rows: [field('year'), field('month')],
  columns: field('channel'),
  value: field('rate', 'rate'),
  numerator: 'completed',
  sample: 'attempts',
};
const COLUMNS = ['year', 'month', 'channel', 'rate', 'completed', 'attempts'].map((name) => ({ name }));
const tableOf = (visual: Pivot, rows: readonly (readonly (string | bigint | number | null)[])[]) =>
  pivotTable(
    set,
    visual,
    visualRows(
      set,
      visual,
      COLUMNS,
      rows.map((row) => [...row]),
    ),
  );
const ROWS = [
  ['2026', 'May', 'Mobile', 0.5, 45n, 90n],
  ['2026', 'April', 'Internet', 0.1, 90n, 900n],
  ['2026', 'April', 'Mobile', 0.2, 2n, 10n],
  ['2025', 'June', 'Mobile', 0, 0n, 9n],
];

test('the totals of a rate are computed of all its bookings, not averaged', () => {
  const { total, groups, columns } = tableOf(pivot, ROWS);
  expect(total.total.value).toBe(137 / 1009);
  expect(groups.map(({ subtotal }) => subtotal?.total.value)).toEqual([137 / 1000, undefined]);
  expect(total.cells.map(({ value }) => value)).toEqual([90 / 900, 47 / 109]);
  expect(columns).toEqual(['Internet', 'Mobile']);
});

test('columns stand as the fullest row tells them, and a cell without a row is empty', () => {
  const { groups } = tableOf(pivot, ROWS);
  const [may, april] = groups[0]?.lines ?? [];
  expect(may?.cells.map(({ value, sample }) => [value, sample])).toEqual([
    [undefined, undefined],
    [0.5, 90],
  ]);
  expect(april?.keys).toEqual(['2026', 'April']);
  expect(april?.cells.map(({ isFaded, isHidden }) => [isFaded, isHidden])).toEqual([
    [false, false],
    [true, false],
  ]);
});

test('a rate of too few bookings is hidden, and counts in the totals all the same', () => {
  const june = tableOf(pivot, ROWS).groups[1];
  expect(june?.lines[0]?.cells[1]).toMatchObject({ value: undefined, isHidden: true });
  expect(tableOf(pivot, ROWS).total.total.sample).toBe(1009);
});

test('a single group has no subtotal, which would say what the total says', () => {
  expect(tableOf(pivot, ROWS.slice(0, 3)).groups.map(({ subtotal }) => subtotal)).toEqual([undefined]);
});

test('counts are added up, however few, and rows without a key stay apart from those of the text null', () => {
  const { numerator: _, sample: __, ...plain } = pivot;
  const counts: Pivot = {
    ...plain,
    rows: [field('channel')],
    columns: field('year'),
    value: field('attempts', 'count'),
  };
  const { groups, total } = tableOf(counts, [
    ['2026', 'May', null, 0.5, 1n, 2n],
    ['2026', 'May', 'null', 0.5, 1n, 3n],
  ]);
  expect(groups[0]?.lines.map(({ keys, total: sum }) => [keys, sum.value])).toEqual([
    [[null], 2],
    [['null'], 3],
  ]);
  expect(total.total).toEqual({ value: 5, sample: undefined, isFaded: false, isHidden: false });
});
