import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Macros that make DuckDB answer as Athena (Trino) does. Those that replace a function of DuckDB's own correct an
 * answer that would be another one without an error.
 */
export const MACROS: Readonly<Record<string, string>> = {
  // DuckDB counts the boundaries between two instants, Athena the full units.
  date_diff: '(unit, a, b) as datesub(unit, a, b)',
  approx_distinct: '(x) as approx_count_distinct(x)',
  approx_percentile: '(x, p) as approx_quantile(x, p)',
  array_join: '(items, separator) as array_to_string(items, separator)',
  day_of_week: '(d) as isodow(d)',
  from_iso8601_date: '(s) as cast(s as date)',
  from_iso8601_timestamp: '(s) as cast(s as timestamptz)',
  from_unixtime: '(n) as to_timestamp(n)',
  json_extract_scalar: '(j, p) as json_extract_string(j, p)',
  json_format: '(j) as cast(j as varchar)',
  json_parse: '(s) as cast(s as json)',
  levenshtein_distance: '(a, b) as levenshtein(a, b)',
  regexp_like: '(s, p) as regexp_matches(s, p)',
  // DuckDB replaces the first match only.
  regexp_replace: "(s, p, r) as system.main.regexp_replace(s, p, r, 'g')",
  sequence: '(a, b) as generate_series(a, b)',
  to_unixtime: '(t) as epoch(t)',
  truncate: '(x) as trunc(x)',
  // DuckDB passes over NULL where Athena answers NULL.
  concat: '(a, b) as a || b',
  greatest: '(a, b) as case when a is null or b is null then null else system.main.greatest(a, b) end',
  least: '(a, b) as case when a is null or b is null then null else system.main.least(a, b) end',
  // DuckDB gives the digest as hexadecimal text, Athena as bytes.
  md5: '(b) as unhex(system.main.md5(b))',
  sha256: '(b) as unhex(system.main.sha256(b))',
  to_hex: '(b) as upper(hex(b))',
  to_utf8: '(s) as encode(s)',
};

/** Brings a connection to Athena's dialect: UTC, whole division of whole numbers, and the macros. */
export async function installMacros(connection: DuckDBConnection): Promise<void> {
  await connection.run("set TimeZone = 'UTC'");
  await connection.run('set integer_division = true');
  for (const [name, definition] of Object.entries(MACROS)) {
    await connection.run(`create or replace macro ${name}${definition}`);
  }
}
