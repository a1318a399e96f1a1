import { expect, test } from 'vitest';
import type { DashboardSet, Kpi, Pivot } from './types.ts';
import { comparesPeriods, readsTable, visualSql } from './visual-sql.ts';

const text = { en: 'a', fr: 'a' };
const set: DashboardSet = {
  dataset: 'sales',
  table: 'sales',
  filters: [{ id: 'shop', kind: 'values', column: 'shop', label: text }],
  dashboards: [],
  words: {},
  staleAfterHours: 24,
  samples: { faded: 30, hidden: 10 },
};
const VIEWS = [
  {
    name: 'by_period',
    sql: '-- from nowhere\nselect period, count(*) as n from sales join compared_periods on true\n',
  },
  { name: 'compared_periods', sql: "select 'current' as period, max(day) as first_day from sales\n" },
  { name: 'of_shops', sql: 'select n from shops\n' },
];
const kpi = (source: string): Kpi => ({
  id: 'n',
  kind: 'kpi',
  title: text,
  question: text,
  source,
  value: { column: 'n', label: text, format: 'count' },
});
const PERIODS = {
  current: { first: '2026-05-01', last: '2026-05-31' },
  previous: { first: '2026-04-01', last: '2026-04-30' },
};

test('a chosen value narrows the table under every view that the visual reads', () => {
  const { sql, parameters } = visualSql(set, kpi('by_period'), VIEWS, { shop: ["a'b"] });
  const steps = [...sql.matchAll(/^(?:with )?(\w+) as \($/gm)].map(([, name]) => name);
  expect(steps).toEqual(['sales', 'compared_periods', 'by_period']);
  expect(parameters).toEqual({ shop_1: "a'b" });
  expect(sql).not.toContain("a'b");
});

test('other periods stand in the place of the view that compares, as parameters', () => {
  const { sql, parameters } = visualSql(set, kpi('by_period'), VIEWS, {}, PERIODS);
  expect(sql).not.toContain('max(day)');
  expect(sql).not.toContain('2026');
  expect(parameters).toEqual({
    current_first: '2026-05-01',
    current_last: '2026-05-31',
    previous_first: '2026-04-01',
    previous_last: '2026-04-30',
  });
  expect(visualSql(set, kpi('by_period'), VIEWS, {}, { ...PERIODS, previous: undefined }).sql).not.toContain(
    'previous',
  );
});

test('a visual that compares nothing keeps its statement, whatever the periods', () => {
  expect(comparesPeriods(kpi('of_shops'), VIEWS)).toBe(false);
  expect(readsTable(set, kpi('of_shops'), VIEWS)).toBe(false);
  expect(visualSql(set, kpi('of_shops'), VIEWS, { shop: ['a'] }, PERIODS)).toEqual({
    sql: 'select n\nfrom of_shops',
    parameters: {},
    isFiltered: false,
  });
});

const pivot: Pivot = {
  ...kpi('by_shop'),
  kind: 'pivot',
  rows: [{ column: 'shop', label: text, format: 'text' }],
  columns: { column: 'day', label: text, format: 'day' },
  value: { column: 'rate', label: text, format: 'rate' },
  numerator: 'sold',
  sample: 'seen',
  simulated: 'is_simulated',
  only: 'is_open',
  order: [{ column: 'seen', descending: true }, { column: 'shop_rank' }, { column: 'day' }],
  top: 3,
};

test('a pivot adds up its parts over all other columns, and its first rows are those of the most', () => {
  expect(visualSql(set, pivot, [], {}).sql.split('\n')).toEqual([
    'select shop, day, 1e0 * sum(sold) / sum(seen) as rate, cast(sum(sold) as bigint) as sold, cast(sum(seen) as bigint) as seen, bool_or(is_simulated) as is_simulated',
    'from by_shop',
    'where is_open',
    '  and shop in (select shop from by_shop where is_open group by shop order by sum(seen) desc nulls last, shop limit 3)',
    'group by shop, day',
    'order by sum(sum(by_shop.seen)) over (partition by shop) desc nulls last, min(shop_rank) nulls last, day nulls last',
  ]);
});
