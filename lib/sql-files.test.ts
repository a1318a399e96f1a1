import { expect, test } from 'vitest';
import { runnable, withDefaults } from './sql-files.ts';

test('a saved query runs with the defaults of its parameters', () => {
  const sql = [
    "-- param: route text = A'KLKUL | a route",
    '-- param: least int = 30 | a number',
    '-- param: day date = 2024-05-01 | a day',
    'select cast(a as int) from bookings where route = :route and n > :least and d = :day and x = :routes',
  ].join('\n');
  expect(withDefaults(sql).split('\n').at(-1)).toBe(
    "select cast(a as int) from bookings where route = 'A''KLKUL' and n > 30 and d = date '2024-05-01' and x = :routes",
  );
});

test('a view comes behind those that it reads, and not at all where a relation is unknown', () => {
  const files = [
    { name: 'a', sql: 'select x from b' },
    {
      name: 'b',
      sql: "-- reads from nowhere\nwith step as (select x from bookings) select 'from moon' as x from step",
    },
    { name: 'c', sql: 'select x from a join ledger using (x)' },
  ];
  expect(runnable(files, ['bookings']).map(({ name }) => name)).toEqual(['b', 'a']);
});
