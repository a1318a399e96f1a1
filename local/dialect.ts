/** Texts of a query without what stands in quotes and comments, each replaced by spaces of the same length. */
export function bareSql(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (text) => text.replace(/[^\n]/g, ' '));
}

interface Refusal {
  readonly pattern: RegExp;
  readonly what: string;
  readonly instead: string;
}

/** What DuckDB would answer otherwise than Athena, or accept where Athena refuses; macros cannot mend these. */
const REFUSALS: readonly Refusal[] = [
  { pattern: /\bat\s+time\s+zone\b/i, what: 'AT TIME ZONE', instead: 'keep instants in UTC' },
  { pattern: /\bqualify\b/i, what: 'QUALIFY', instead: 'a named step with row_number() and a where' },
  { pattern: /\b(?:un)?pivot\b/i, what: 'PIVOT', instead: 'count_if(…) or sum(if(…)) a column' },
  { pattern: /\bjson_value\s*\(/i, what: 'json_value', instead: 'json_extract_scalar' },
  { pattern: /\bformat\s*\(/i, what: 'format', instead: 'round, or lpad on a cast' },
  { pattern: /\bilike\b/i, what: 'ILIKE', instead: 'lower(…) like' },
  { pattern: /::/, what: "'::'", instead: 'cast(… as …)' },
  { pattern: /\bexclude\s*\(|\bcolumns\s*\(/i, what: 'EXCLUDE or COLUMNS', instead: 'the columns by name' },
  { pattern: /\bgroup\s+by\s+all\b|\border\s+by\s+all\b/i, what: 'GROUP BY ALL', instead: 'the columns by name' },
];

/**
 * Refuses SQL that would run here and answer otherwise on Athena.
 *
 * Throws an error that names the construct and what to write instead.
 */
export function checkDialect(sql: string): void {
  const bare = bareSql(sql);
  const found = REFUSALS.find(({ pattern }) => pattern.test(bare));
  if (found) {
    throw new Error(`${found.what} is not the same here and on Athena: write ${found.instead} instead`);
  }
}
