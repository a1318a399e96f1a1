import { bareSql } from '../core/answers/statement-text.ts';

interface Refusal {
  readonly pattern: RegExp;
  readonly what: string;
  readonly instead: string;
}

/** What DuckDB would answer otherwise than Athena, or accept where Athena refuses; macros cannot mend these. */
const REFUSALS: readonly Refusal[] = [
  { pattern: /\bat\s+time\s+zone\b/i, what: 'AT TIME ZONE', instead: 'keep instants in UTC' },
  {
    pattern: /(?<![\w.])\d*\.\d*(?![\w.])\s*\/|\/\s*(?:\d+\.\d*|\.\d+)(?![\w.])/,
    what: 'a division with decimals',
    instead: 'a double, as 2e0',
  },
  { pattern: /\bextract\s*\(\s*(?:dow|day_of_week)\b/i, what: 'extract(dow …)', instead: 'day_of_week(…)' },
  { pattern: /\bqualify\b/i, what: 'QUALIFY', instead: 'a named step with row_number() and a where' },
  { pattern: /\b(?:un)?pivot\b/i, what: 'PIVOT', instead: 'count_if(…) or sum(if(…)) a column' },
  { pattern: /\bilike\b/i, what: 'ILIKE', instead: 'lower(…) like' },
  { pattern: /::/, what: "'::'", instead: 'cast(… as …)' },
  { pattern: /\/\/|\*\*|==/, what: "'//', '**' or '=='", instead: "'/', power(…) or '='" },
  { pattern: /\bvarchar\s*\(\s*\d/i, what: 'a varchar of some length', instead: 'substr(…, 1, n), which cuts on both' },
  { pattern: /\{/, what: "'{'", instead: 'cast(row(…) as row(…))' },
  { pattern: /(?:^|[(,=]|\b(?:select|in|then|else|when))\s*\[/i, what: "a list in '['", instead: 'array[…]' },
  {
    pattern: /\*\s*(?:exclude|replace|rename)\b|\bcolumns\s*\(/i,
    what: 'EXCLUDE or COLUMNS',
    instead: 'the columns by name',
  },
  { pattern: /\b(?:group|order)\s+by\s+all\b/i, what: 'GROUP BY ALL', instead: 'the columns by name' },
  { pattern: /\bdistinct\s+on\b/i, what: 'DISTINCT ON', instead: 'max_by(…) or row_number()' },
  { pattern: /\b(?:asof|positional|semi|anti)\s+join\b/i, what: 'this join', instead: 'a join on, or exists' },
  { pattern: /\blimit\s+\S+\s+offset\b/i, what: 'LIMIT before OFFSET', instead: 'offset … limit …' },
  {
    pattern: /^\s*(?:from|pivot|summarize)\b/i,
    what: 'a query that begins without SELECT',
    instead: 'select … from …',
  },
];

/** Functions of DuckDB's that Athena has under another name, or that answer otherwise there. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ascii: 'codepoint(…)',
  bit_length: '8 * length(to_utf8(…))',
  char_length: 'length(…)',
  character_length: 'length(…)',
  countif: 'count_if(…)',
  date_parse: 'cast(… as date) or from_iso8601_timestamp(…)',
  date_part: 'extract(… from …)',
  datediff: 'date_diff(…)',
  date_sub: 'date_diff(…)',
  datesub: 'date_diff(…)',
  ends_with: "like '%…'",
  entropy: 'the formula written out',
  epoch: 'to_unixtime(…)',
  first: 'arbitrary(…) or min_by(…)',
  format: 'round(…), or lpad on a cast',
  ifnull: 'coalesce(…)',
  instr: 'strpos(…)',
  json_exists: 'json_extract(…) is not null',
  json_extract_string: 'json_extract_scalar(…)',
  json_query: 'json_extract(…)',
  json_value: 'json_extract_scalar(…)',
  last: 'max_by(…)',
  left: 'substr(…, 1, n)',
  len: 'length(…)',
  list_value: 'array[…]',
  list: 'array_agg(…)',
  median: 'approx_percentile(…, 0.5)',
  quantile: 'approx_percentile(…)',
  quantile_cont: 'approx_percentile(…)',
  regexp_matches: 'regexp_like(…)',
  string_agg: 'array_join(array_agg(…), …)',
  right: 'substr(…, -n)',
  repeat: 'lpad(…), which repeats its filling',
  skewness: 'the formula written out',
  strftime: 'date_format(…)',
  strlen: 'length(…)',
  strptime: 'cast(… as date) or from_iso8601_timestamp(…)',
  today: 'current_date',
  trunc: 'truncate(…)',
  typeof: 'the types that the contract states',
};

/**
 * Refuses SQL that would run here and answer otherwise on Athena, or not run there.
 *
 * Throws an error that names the construct, its line and what to write instead.
 */
export function checkDialect(sql: string): void {
  const bare = bareSql(sql);
  for (const { pattern, what, instead } of REFUSALS) {
    const found = pattern.exec(bare);
    if (found) throw refusal(bare, found.index, what, instead);
  }
  for (const { 1: name = '', index } of bare.matchAll(/\b([a-z_]\w*)\s*\(/gi)) {
    const instead = FUNCTIONS[name.toLowerCase()];
    if (instead !== undefined) throw refusal(bare, index, `${name}(…)`, instead);
  }
}

function refusal(bare: string, index: number, what: string, instead: string): Error {
  const line = bare.slice(0, index).split('\n').length;
  return new Error(`line ${line}: ${what} is not the same here and on Athena, expected ${instead}`);
}
