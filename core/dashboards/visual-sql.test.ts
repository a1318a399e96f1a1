import { expect, test } from 'vitest';
import type { DashboardSet, Kpi } from './types.ts';
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
