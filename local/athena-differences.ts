/** Where the laptop's engine and Athena part; what is made the same stands in athena-answers.ts. */

export interface Refusal {
  readonly sql: string;
  /** What Athena answers, as text; undefined where it refuses as well. */
  readonly athena?: string;
  /** What DuckDB would answer, left alone. */
  readonly duckdb: string;
}

/** Refused before it runs, by the list in dialect.ts, with what to write instead. */
export const REFUSED: readonly Refusal[] = [
  { sql: 'select 1.0 / 3', athena: '0.3', duckdb: '0.3333333333333333' },
  {
    sql: "select timestamp '2024-05-01 23:30:00 UTC' at time zone 'Europe/Paris'",
    athena: '2024-05-02 01:30:00 Europe/Paris',
    duckdb: '2024-05-01 21:30:00+00',
  },
  { sql: `select json_value('{"a":"x"}', 'lax $.a')`, athena: 'x', duckdb: 'null' },
  { sql: "select format('%05.2f', 3.14159)", athena: '03.14', duckdb: '%05.2f' },
  { sql: "select repeat('a', 2)", athena: '["a", "a"]', duckdb: 'aa' },
  { sql: "select cast('abc' as varchar(2))", athena: 'ab', duckdb: 'abc' },
  { sql: 'select typeof(1)', athena: 'integer', duckdb: 'INTEGER' },
  {
    sql: 'select skewness(x) from (values (1e0), (2e0), (4e0)) as t (x)',
    athena: '0.3818017741606063',
    duckdb: '0.935219529582821',
  },
  { sql: 'select x from (values (1), (2)) as t (x) qualify row_number() over (order by x) = 1', duckdb: '1' },
  { sql: 'select x from (values (1), (2)) as t (x) order by x limit 1 offset 1', duckdb: '2' },
  { sql: "select 'A' ilike 'a'", duckdb: 'true' },
  { sql: "select '1'::integer", duckdb: '1' },
  { sql: 'select 5 // 2', duckdb: '2' },
  { sql: "select {'a': 1}", duckdb: "{'a': 1}" },
  { sql: 'select * exclude (x) from (values (1, 2)) as t (x, y)', duckdb: '2' },
  { sql: 'select x, count(*) from (values (1)) as t (x) group by all', duckdb: '1' },
  { sql: 'select distinct on (x) x from (values (1)) as t (x)', duckdb: '1' },
  { sql: 'from (values (1)) as t (x)', duckdb: '1' },
  { sql: "select string_agg(x, ',') from (values ('a')) as t (x)", duckdb: 'a' },
  { sql: "select strftime(date '2024-01-02', '%d')", duckdb: '02' },
  { sql: "select instr('abc', 'b')", duckdb: '2' },
  { sql: "select left('abc', 2)", duckdb: 'ab' },
  { sql: 'select ifnull(null, 1)', duckdb: '1' },
];

export interface Remainder {
  readonly expression: string;
  /** What Athena answers, as text; undefined where it is an error. */
  readonly athena?: string;
  readonly here: string;
  /** What to write so that both say the same, and an expression for which they do. */
  readonly instead: string;
  readonly alike: string;
}

/** Answered otherwise, because it hangs on the values and not on the text. */
export const REMAINING: readonly Remainder[] = [
  { expression: '1 / 0', here: 'null', instead: '`x / nullif(y, 0)`', alike: '1 / nullif(0, 0)' },
  {
    expression: '1e0 / 0e0',
    athena: 'Infinity',
    here: 'null',
    instead: '`x / nullif(y, 0e0)`',
    alike: '1e0 / nullif(0e0, 0e0)',
  },
  {
    expression: 'cast(2.5e0 as bigint)',
    athena: '3',
    here: '2',
    instead: '`cast(round(x) as bigint)`',
    alike: 'cast(round(2.5e0) as bigint)',
  },
  {
    expression: 'cast(1 as decimal(10, 2)) / 3',
    athena: '0.33',
    here: '0.3333333333333333',
    instead: 'divide doubles',
    alike: 'cast(cast(1 as decimal(10, 2)) as double) / 4',
  },
  {
    expression: '(select avg(x) from (values (1.0), (2.0), (2.0)) as t (x))',
    athena: '1.7',
    here: '1.6666666666666667',
    instead: 'average doubles',
    alike: '(select avg(cast(x as double)) from (values (1.0), (2.0)) as t (x))',
  },
  {
    expression: 'cast(1e0 / 3 as varchar)',
    athena: '3.333333333333333E-1',
    here: '0.3333333333333333',
    instead: 'leave numbers as numbers',
    alike: 'round(1e0 / 3, 4)',
  },
  {
    expression: "cast(timestamp '2024-01-01 00:00:00.120' as varchar)",
    athena: '2024-01-01 00:00:00.120',
    here: '2024-01-01 00:00:00.12',
    instead: '`date_format(t, …)`',
    alike: "date_format(timestamp '2024-01-01 00:00:00.120', '%Y-%m-%d %H:%i:%s')",
  },
  {
    expression: "try_cast('1.5' as integer)",
    athena: 'null',
    here: '2',
    instead: 'text is read by the contract, not by a query; or test it with `regexp_like` first',
    alike: "case when regexp_like('1.5', '^[0-9]+$') then try_cast('1.5' as integer) end",
  },
  {
    expression: "try_cast('yes' as boolean)",
    athena: 'null',
    here: 'true',
    instead: "`x = 'yes'`",
    alike: "'yes' = 'yes'",
  },
  {
    expression: "try_cast('2024-01-01 10:00:00' as date)",
    athena: 'null',
    here: '2024-01-01',
    instead: '`cast(cast(x as timestamp) as date)`',
    alike: "cast(cast('2024-01-01 10:00:00' as timestamp) as date)",
  },
  {
    expression: "date '2024-01-01' + interval '1' day",
    athena: '2024-01-02',
    here: '2024-01-02 00:00:00.000',
    instead: "`date_add('day', 1, d)`",
    alike: "date_add('day', 1, date '2024-01-01')",
  },
  {
    expression: "date '2024-01-02' - date '2024-01-01'",
    athena: '1 00:00:00.000',
    here: '1',
    instead: "`date_diff('day', a, b)`",
    alike: "date_diff('day', date '2024-01-01', date '2024-01-02')",
  },
  {
    expression: "upper('ß')",
    athena: 'ß',
    here: 'ẞ',
    instead: '`lower(…)` to compare texts',
    alike: "lower('ß')",
  },
  {
    expression: 'nan() > 1e0',
    athena: 'false',
    here: 'true',
    instead: '`is_nan(x)` first; no contract lets NaN in',
    alike: 'is_nan(nan())',
  },
  {
    expression: 'cbrt(27e0)',
    athena: '3',
    here: '3.0000000000000004',
    instead: 'round what is compared',
    alike: 'round(cbrt(27e0), 4)',
  },
  {
    expression: 'array_distinct(array[2, 1, 2])',
    athena: '[2, 1]',
    here: '[1, 2]',
    instead: '`array_sort(array_distinct(…))`',
    alike: 'array_sort(array_distinct(array[2, 1, 2]))',
  },
  {
    expression: '(select array_agg(x) from (select x from (values (2), (1)) as t (x) order by x))',
    athena: '[2, 1]',
    here: '[1, 2]',
    instead: '`array_agg(x order by x)`',
    alike: '(select array_agg(x order by x) from (values (2), (1)) as t (x))',
  },
  { expression: 'array[1, 2][3]', here: 'null', instead: '`element_at(a, n)`', alike: 'element_at(array[1, 2], 3)' },
  {
    expression: `cast(json_parse('"x"') as varchar)`,
    athena: 'x',
    here: '"x"',
    instead: '`json_extract_scalar(…)`',
    alike: `json_extract_scalar('{"a":"x"}', '$.a')`,
  },
  {
    expression: `json_format(json_parse('{"b": 1, "a": 2}'))`,
    athena: '{"a":2,"b":1}',
    here: '{"b":1,"a":2}',
    instead: 'take the values out with `json_extract_scalar`',
    alike: `json_extract_scalar('{"b": 1, "a": 2}', '$.b')`,
  },
  {
    expression: "format_datetime(timestamp '2024-05-07 09:03:04', 'd/M/yy')",
    athena: '7/5/24',
    here: 'd/M/yy',
    instead: "`date_format(t, '%e/%c/%y')`",
    alike: "date_format(timestamp '2024-05-07 09:03:04', '%e/%c/%y')",
  },
  {
    expression: '(select approx_percentile(x, 0.5) from (values (1), (2), (3), (4)) as t (x))',
    athena: '3',
    here: '2',
    instead: 'other sketches: compare with a tolerance, or count exactly',
    alike: '(select approx_percentile(x, 0.5) from (values (1), (2), (3)) as t (x))',
  },
];
