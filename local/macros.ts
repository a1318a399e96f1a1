import type { DuckDBConnection } from '@duckdb/node-api';

/** Format letters of Athena's `date_format` (MySQL's) that mean something else in DuckDB, in the order of replacement. */
const MYSQL_LETTERS: readonly (readonly [string, string])[] = [
  ['%M', '%B'],
  ['%i', '%M'],
  ['%s', '%S'],
  ['%W', '%A'],
  ['%T', '%H:%M:%S'],
  ['%h', '%I'],
  ['%e', '%-d'],
  ['%c', '%-m'],
  ['%k', '%-H'],
  ['%l', '%-I'],
  ['%v', '%V'],
  ['%x', '%G'],
];

/** The same for `format_datetime` (Joda's), the common letters. */
const JODA_LETTERS: readonly (readonly [string, string])[] = [
  ['yyyy', '%Y'],
  ['MMMM', '%B'],
  ['MMM', '%b'],
  ['MM', '%m'],
  ['dd', '%d'],
  ['HH', '%H'],
  ['mm', '%M'],
  ['ss', '%S'],
  ['EEEE', '%A'],
  ['EEE', '%a'],
];

/** A place before the first character is before the text in DuckDB and nowhere in Athena. */
const SUBSTRING = [
  "(s, start) as case when start = 0 or start < -length(s) then '' else system.main.substr(s, start) end",
  "(s, start, n) as case when start = 0 or start < -length(s) then '' else system.main.substr(s, start, n) end",
];

/**
 * Macros that make DuckDB answer as Athena (Trino) does: name to the overloads, `(parameters) as body`. Those that
 * replace a function of DuckDB's own correct an answer that would be another one without an error.
 */
export const MACROS: Readonly<Record<string, readonly string[]>> = {
  // DuckDB counts the boundaries between two instants, Athena the full units.
  date_diff: ['(unit, a, b) as datesub(unit, a, b)'],
  // DuckDB makes an instant of a day; Athena keeps the type.
  date_add: [
    `(unit, n, d) as cast_to_type(d + case lower(unit)
      when 'millisecond' then to_milliseconds(n) when 'second' then to_seconds(n) when 'minute' then to_minutes(n)
      when 'hour' then to_hours(n) when 'day' then to_days(cast(n as integer)) when 'week' then to_weeks(cast(n as integer))
      when 'month' then to_months(cast(n as integer)) when 'quarter' then to_months(cast(3 * n as integer))
      when 'year' then to_years(cast(n as integer)) else error('date_add knows no unit ' || unit) end, d)`,
  ],
  date_trunc: ['(unit, d) as cast_to_type(system.main.date_trunc(unit, d), d)'],
  date_format: [`(t, f) as strftime(t, ${replaced('f', MYSQL_LETTERS)})`],
  format_datetime: [`(t, f) as strftime(t, ${replaced('f', JODA_LETTERS)})`],
  from_iso8601_date: ['(s) as cast(s as date)'],
  from_iso8601_timestamp: ['(s) as cast(s as timestamptz)'],
  from_unixtime: ['(n) as to_timestamp(n)'],
  to_unixtime: ['(t) as epoch(t)'],
  last_day_of_month: ['(d) as last_day(d)'],
  // Sunday is 0 in DuckDB and 7 in Athena.
  day_of_week: ['(d) as isodow(d)'],
  dow: ['(d) as isodow(d)'],
  // DuckDB counts from the last minute on.
  millisecond: ['(t) as system.main.millisecond(t) % 1000'],
  day_of_month: ['(d) as day(d)'],
  day_of_year: ['(d) as dayofyear(d)'],
  week_of_year: ['(d) as week(d)'],
  year_of_week: ['(d) as isoyear(d)'],

  approx_distinct: ['(x) as approx_count_distinct(x)'],
  approx_percentile: ['(x, p) as approx_quantile(x, p)'],
  // DuckDB gives the first value, which may be NULL.
  arbitrary: ['(x) as any_value(x)'],
  // DuckDB counts NULL where there is no row at all.
  count_if: ['(x) as count(case when x then 1 end)'],
  // DuckDB passes over rows whose value is NULL, wherever they stand.
  max_by: ['(x, y) as arg_max_null(x, y)', '(x, y, n) as system.main.max_by(x, y, n)'],
  min_by: ['(x, y) as arg_min_null(x, y)', '(x, y, n) as system.main.min_by(x, y, n)'],
  // DuckDB gives NaN where one side is constant.
  corr: ['(y, x) as case when isfinite(system.main.corr(y, x)) then system.main.corr(y, x) end'],
  map_agg: ['(k, v) as map_from_entries(list({k: k, v: v}))'],

  // DuckDB passes over NULL where Athena answers NULL.
  concat: overloads(2, 8, (names) => names.join(' || ')),
  greatest: overloads(2, 8, (names) => unlessNull(names, `system.main.greatest(${names.join(', ')})`)),
  least: overloads(2, 8, (names) => unlessNull(names, `system.main.least(${names.join(', ')})`)),

  array_max: ['(items) as list_max(items)'],
  // DuckDB gives NULL where nothing is found.
  array_position: [
    '(items, x) as case when items is not null and x is not null then coalesce(list_position(items, x), 0) end',
  ],
  array_min: ['(items) as list_min(items)'],
  slice: ['(items, start, n) as list_slice(items, start, start + n - 1)'],
  codepoint: ['(s) as unicode(s)'],
  array_join: ['(items, separator) as array_to_string(items, separator)'],
  // DuckDB's own gives a list of the value.
  element_at: ['(c, k) as c[k]'],
  // DuckDB's own goes up only.
  sequence: [
    '(a, b) as case when a <= b then generate_series(a, b) else generate_series(a, b, -1) end',
    '(a, b, step) as generate_series(a, b, step)',
  ],

  from_hex: ['(s) as unhex(s)'],
  from_utf8: ['(b) as decode(b)'],
  // DuckDB gives an object or a list as text.
  json_extract_scalar: [
    "(j, p) as case when json_type(j, p) in ('OBJECT', 'ARRAY') then null else json_extract_string(j, p) end",
  ],
  json_format: ['(j) as cast(json(j) as varchar)'],
  json_parse: ['(s) as cast(s as json)'],
  levenshtein_distance: ['(a, b) as levenshtein(a, b)'],
  // DuckDB gives the empty text where nothing is found.
  regexp_extract: [
    '(s, p) as case when regexp_matches(s, p) then system.main.regexp_extract(s, p) end',
    '(s, p, g) as case when regexp_matches(s, p) then system.main.regexp_extract(s, p, g) end',
  ],
  replace: ["(s, part) as system.main.replace(s, part, '')", '(s, part, other) as system.main.replace(s, part, other)'],
  split_part: [
    '(s, separator, n) as case when n <= len(string_split(s, separator)) then system.main.split_part(s, separator, n) end',
  ],
  regexp_like: ['(s, p) as regexp_matches(s, p)'],
  // DuckDB replaces the first match only, and writes a group as \\1 where Athena writes $1.
  regexp_replace: [
    "(s, p) as system.main.regexp_replace(s, p, '', 'g')",
    `(s, p, r) as system.main.regexp_replace(s, p, system.main.regexp_replace(r, '\\$([0-9])', '\\\\\\1', 'g'), 'g')`,
  ],
  substr: SUBSTRING,
  substring: SUBSTRING,
  to_hex: ['(b) as upper(hex(b))'],
  to_utf8: ['(s) as encode(s)'],
  // DuckDB gives a digest as hexadecimal text, Athena as bytes.
  md5: ['(b) as unhex(system.main.md5(b))'],
  sha1: ['(b) as unhex(system.main.sha1(b))'],
  sha256: ['(b) as unhex(system.main.sha256(b))'],
  url_extract_host: ["(u) as nullif(regexp_extract(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)', 1), '')"],

  bitwise_and: ['(a, b) as a & b'],
  bitwise_or: ['(a, b) as a | b'],
  bitwise_xor: ['(a, b) as xor(a, b)'],
  to_base: ['(n, radix) as lower(system.main.to_base(n, radix))'],
  infinity: ["() as cast('infinity' as double)"],
  nan: ["() as cast('nan' as double)"],
  is_finite: ['(x) as isfinite(x)'],
  is_infinite: ['(x) as isinf(x)'],
  is_nan: ['(x) as isnan(x)'],
  truncate: ['(x) as trunc(x)'],
  width_bucket: [
    `(x, low, high, n) as case when x < low then 0 when x >= high then n + 1
      else cast(floor(1e0 * (x - low) * n / (high - low)) as bigint) + 1 end`,
  ],
};

/** Brings a connection to Athena's dialect. */
export async function installMacros(connection: DuckDBConnection): Promise<void> {
  await connection.run(dialectSql());
}

/** Statements that bring a connection of any DuckDB there: UTC, whole division of whole numbers, and the macros. */
export function dialectSql(): string {
  const macros = Object.entries(MACROS).map(([name, bodies]) => `create or replace macro ${name}${bodies.join(', ')}`);
  return ["set TimeZone = 'UTC'", 'set integer_division = true', ...macros].join(';\n');
}

function replaced(format: string, letters: readonly (readonly [string, string])[]): string {
  return letters.reduce((inner, [from, to]) => `replace(${inner}, '${from}', '${to}')`, format);
}

function overloads(least: number, most: number, body: (names: readonly string[]) => string): string[] {
  return Array.from({ length: most - least + 1 }, (_, index) => {
    const names = Array.from({ length: least + index }, (_, place) => `x${place + 1}`);
    return `(${names.join(', ')}) as ${body(names)}`;
  });
}

function unlessNull(names: readonly string[], value: string): string {
  return `case when ${names.map((name) => `${name} is null`).join(' or ')} then null else ${value} end`;
}
