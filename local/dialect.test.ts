import { expect, test } from 'vitest';
import { checkDialect } from './dialect.ts';

const REFUSED = [
  ["select t at time zone 'Europe/Paris' from x", 'AT TIME ZONE'],
  ['select 1.0 / 3', 'a division with decimals'],
  ['select attempts / 2.5 from x', 'a division with decimals'],
  ['select extract(dow from d) from x', 'extract(dow …)'],
  ['select a from x qualify row_number() over (order by a) = 1', 'QUALIFY'],
  ['select a from x pivot (sum(b) for c in (1))', 'PIVOT'],
  ["select a from x where a ilike 'b'", 'ILIKE'],
  ['select a::integer from x', "'::'"],
  ['select a // 2 from x', "'//', '**' or '=='"],
  ["select {'a': 1}", "'{'"],
  ['select [1, 2]', "a list in '['"],
  ['select * exclude (a) from x', 'EXCLUDE or COLUMNS'],
  ['select a, count(*) from x group by all', 'GROUP BY ALL'],
  ['select distinct on (a) a, b from x', 'DISTINCT ON'],
  ['select a from x semi join y on x.a = y.a', 'this join'],
  ['select a from x limit 3 offset 2', 'LIMIT before OFFSET'],
  ['from x', 'a query that begins without SELECT'],
  ["select json_value('{}', 'lax $.a')", 'json_value(…)'],
  ["select format('%05.2f', 3.14)", 'format(…)'],
  ["select date_parse('2024', '%Y')", 'date_parse(…)'],
] as const;

test.each(REFUSED)('fails on %s', (sql, what) => {
  expect(() => checkDialect(sql)).toThrow(`line 1: ${what} is not the same here and on Athena, expected `);
});

test('names the line of what it refuses', () => {
  expect(() => checkDialect('select a\nfrom x\nwhere a::integer = 1')).toThrow(/^line 3: '::'/);
});

test('takes no text, name or comment for SQL', () => {
  expect(() => checkDialect(`-- qualify 1.0/3\nselect 'a::b ilike [1]' as "pivot" /* {} */ from x`)).not.toThrow();
});

test('accepts what is the same on both sides', () => {
  for (const sql of [
    'select 1e0 / 3, attempts / 2, 1.5 * a from x',
    'select array[1, 2][1], a[1] from x',
    'select a from x order by a offset 2 limit 3',
    'with a as (select b from c) select count(*) from a',
    'select 2.5e0 / x, x / 2.5e0 from y',
  ])
    expect(() => checkDialect(sql)).not.toThrow();
});
