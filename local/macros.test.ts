import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { installMacros, MACROS } from './macros.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await installMacros(connection);
});

/** Expressions and what Trino answers, as its documentation and a Trino 476 say. */
const ANSWERS: readonly (readonly [string, string | null])[] = [
  ['7 / 2', '3'],
  ['-7 / 2', '-3'],
  ["date_diff('day', timestamp '2024-11-01 12:00:00', timestamp '2024-11-05 10:00:00')", '3'],
  ["date_diff('day', date '2024-11-01', date '2024-11-05')", '4'],
  ["date_add('day', 1, date '2024-02-28')", '2024-02-29'],
  ["date_add('month', 1, date '2024-01-31')", '2024-02-29'],
  ["date_add('hour', -2, timestamp '2024-01-01 01:00:00')", '2023-12-31 23:00:00'],
  ["date_trunc('month', date '2024-05-17')", '2024-05-01'],
  ["date_trunc('week', timestamp '2024-05-17 10:00:00')", '2024-05-13 00:00:00'],
  [
    "date_format(timestamp '2024-05-07 09:03:04', '%Y-%m-%d %H:%i:%s %M %W %c %e %k %T')",
    '2024-05-07 09:03:04 May Tuesday 5 7 9 09:03:04',
  ],
  ["format_datetime(timestamp '2024-05-07 09:03:04', 'yyyy-MM-dd HH:mm:ss EEE')", '2024-05-07 09:03:04 Tue'],
  ["from_iso8601_date('2024-05-01')", '2024-05-01'],
  ["cast(to_unixtime(from_iso8601_timestamp('2024-05-01T10:00:00+02:00')) as bigint)", '1714550400'],
  ['cast(to_unixtime(from_unixtime(10)) as bigint)', '10'],
  ["last_day_of_month(date '2024-02-03')", '2024-02-29'],
  ["day_of_week(date '2024-05-19')", '7'],
  ["dow(date '2024-05-19')", '7'],
  ["day_of_month(date '2024-02-03')", '3'],
  ["day_of_year(date '2024-02-03')", '34'],
  ["week_of_year(date '2024-12-30')", '1'],
  ["year_of_week(date '2024-12-30')", '2025'],
  ['(select arbitrary(x) from (values (null), (1)) as t (x))', '1'],
  ['(select count_if(x) from (values (true)) as t (x) where not x)', '0'],
  ['(select count_if(x) from (values (true), (false), (null)) as t (x))', '1'],
  ['(select approx_distinct(x) from (values (1), (1), (2)) as t (x))', '2'],
  ['(select approx_percentile(x, 0.5) from (values (1), (2), (3)) as t (x))', '2'],
  ["(select element_at(map_agg(k, v), 'b') from (values ('a', 1), ('b', 2)) as t (k, v))", '2'],
  ["element_at(array['x', 'y'], 2)", 'y'],
  ["element_at(array['x', 'y'], 3)", null],
  ["concat('a', cast(null as varchar))", null],
  ["concat('a', 'b', 'c')", 'abc'],
  ['greatest(1, null)', null],
  ['greatest(1, 3, 2)', '3'],
  ['least(2, 1)', '1'],
  ['least(2, null, 1)', null],
  ["array_join(array['a', 'b'], ', ')", 'a, b'],
  ["array_join(sequence(3, 1), ',')", '3,2,1'],
  ["array_join(sequence(1, 9, 4), ',')", '1,5,9'],
  ["to_hex(sha256(to_utf8('abc')))", 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'],
  ["to_hex(md5(to_utf8('abc')))", '900150983CD24FB0D6963F7D28E17F72'],
  ["to_hex(sha1(to_utf8('abc')))", 'A9993E364706816ABA3E25717850C26C9CD0D89D'],
  ["from_utf8(from_hex('616263'))", 'abc'],
  ['json_extract_scalar(\'{"a": "x"}\', \'$.a\')', 'x'],
  ['json_format(json_parse(\'{"a": 1}\'))', '{"a":1}'],
  ["levenshtein_distance('kitten', 'sitting')", '3'],
  ["regexp_like('abc', 'b')", 'true'],
  ["regexp_replace('a1b2', '[0-9]')", 'ab'],
  ["regexp_replace('a1b2', '[0-9]', '')", 'ab'],
  ["regexp_replace('a1b2', '([0-9])', '<$1>')", 'a<1>b<2>'],
  ["regexp_extract('a12b', '([0-9])([0-9])', 2)", '2'],
  ["regexp_extract('a12b', '[0-9]')", '1'],
  ["regexp_extract('abc', '[0-9]')", null],
  ["regexp_extract('abc', '([0-9])', 1)", null],
  ["replace('aba', 'a')", 'b'],
  ["replace('aba', 'a', 'c')", 'cbc'],
  ["split_part('a-b', '-', 2)", 'b'],
  ["split_part('a-b', '-', 3)", null],
  ["substr('abc', 0)", ''],
  ["substr('abc', -5)", ''],
  ["substr('abc', 2)", 'bc'],
  ["substr('abc', -2, 1)", 'b'],
  ["substring('abc', 0, 2)", ''],
  ["url_extract_host('https://user@example.com:80/x?y')", 'example.com'],
  ['is_nan(nan())', 'true'],
  ['is_infinite(infinity())', 'true'],
  ['bitwise_and(6, 3)', '2'],
  ['bitwise_or(6, 3)', '7'],
  ['bitwise_xor(6, 3)', '5'],
  ['to_base(255, 16)', 'ff'],
  ["codepoint('é')", '233'],
  ['array_max(array[1, 3, 2])', '3'],
  ['array_min(array[3, 1, 2])', '1'],
  ["array_join(slice(array[1, 2, 3], 2, 2), ',')", '2,3'],
  ['is_finite(infinity())', 'false'],
  ['cast(truncate(-2.7e0) as bigint)', '-2'],
  ['width_bucket(3.5e0, 0, 10, 5)', '2'],
  ['width_bucket(-1e0, 0, 10, 5)', '0'],
  ['width_bucket(10e0, 0, 10, 5)', '6'],
];

test.each(ANSWERS)('%s answers as Athena does: %s', async (expression, expected) => {
  const reader = await connection.runAndReadAll(`select cast(${expression} as varchar)`);
  expect(reader.getRows()[0]?.[0]).toBe(expected);
});

test('every macro has an example here', () => {
  const all = ANSWERS.map(([expression]) => expression).join('\n');
  expect(Object.keys(MACROS).filter((name) => !new RegExp(`\\b${name}\\(`).test(all))).toEqual([]);
});

test('instants are read and shown in UTC, wherever the machine stands', async () => {
  const reader = await connection.runAndReadAll("select cast(timestamptz '2024-05-01 23:30:00+00' as date)");
  expect(reader.getRowsJson()).toEqual([['2024-05-01']]);
});

test('fails on a unit that Athena does not know', async () => {
  await expect(connection.run("select date_add('lightyear', 1, date '2024-01-01')")).rejects.toThrow(
    /date_add knows no unit lightyear/,
  );
});
