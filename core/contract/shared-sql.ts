/**
 * The SQL that Athena, DuckDB and Spark answer alike, in which the select of a curated table is written: it runs on
 * Spark in the cloud, on DuckDB on a laptop, and its meaning is Athena's.
 *
 * Spark differs without an error in places (measured on 3.5.6): `7 / 2` is 3.5, `a[1]` the second element,
 * `substr(s, 0)` begins at the first character, `'it''s'` is `its`, a cast to a whole number cuts. So what may be
 * written is listed, and all else is refused.
 */

/** Functions that answer alike for all values, and with the same type, which those on days and lengths do not. */
const FUNCTIONS = ['abs', 'coalesce', 'concat', 'if', 'nullif', 'substr'];

/** Words that may stand before a parenthesis. */
const WORDS = 'and as between by case cast decimal else from in not or select then when where'.split(' ');

/** Types to which a cast means the same everywhere. */
const CASTS = ['date', 'double', 'decimal'];

interface Refusal {
  readonly pattern: RegExp;
  readonly what: string;
  readonly instead: string;
}

const REFUSALS: readonly Refusal[] = [
  { pattern: /\//, what: "a division with '/'", instead: 'the parts of the quotient as columns' },
  { pattern: /\[/, what: "an element in '['", instead: 'the whole list' },
  {
    pattern:
      /\b(?:group|order|partition)\s+by\b|\b(?:join|union|except|intersect|select\s+distinct|limit|offset|over|having)\b/,
    what: 'more than one row at a time',
    instead: 'a select row by row, the rest in a view',
  },
  { pattern: /\bcurrent_\w+|\blocaltime\w*/, what: 'the present', instead: 'a column, so that a later run agrees' },
  { pattern: /\binterval\b/, what: 'an interval', instead: 'date arithmetic in a view' },
  { pattern: /\bi?like\b/, what: 'LIKE', instead: 'an equality or substr(…)' },
  { pattern: /\bsubstr\s*\([^()]*,\s*0\s*[,)]/, what: 'substr from 0', instead: 'substr from 1' },
];

/** Throws one sentence that names the file, the line, the construct and what to write instead. */
export function checkSharedSql(file: string, sql: string): void {
  const bare = withoutTexts(file, sql).toLowerCase();
  for (const { pattern, what, instead } of REFUSALS) {
    const found = pattern.exec(bare);
    if (found) throw refusal(file, bare, found.index, what, instead);
  }
  for (const { 1: name = '', index } of bare.matchAll(/\b([a-z_]\w*)\s*\(/g)) {
    if (FUNCTIONS.includes(name) || WORDS.includes(name)) continue;
    throw refusal(file, bare, index, `${name}(…)`, `one of ${FUNCTIONS.join(', ')}`);
  }
  // The type ends the cast: it is the word before the parenthesis that closes it, or before that of a decimal.
  for (const { 1: type = '', index } of bare.matchAll(/\bas\s+([a-z_]\w*)\s*(?=\)|\(\s*\d)/g)) {
    if (!CASTS.includes(type)) throw refusal(file, bare, index, `a cast to ${type}`, `one to ${CASTS.join(', ')}`);
  }
}

/** The SQL with spaces for texts, quoted names and comments. */
function withoutTexts(file: string, sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (part, index: number) => {
    if (part.startsWith("'") && /''|\\/.test(part.slice(1, -1)))
      throw refusal(file, sql, index, `a quote or a backslash in ${part}`, 'a text without');
    return part.replace(/[^\n]/g, ' ');
  });
}

function refusal(file: string, sql: string, index: number, what: string, instead: string): Error {
  const line = sql.slice(0, index).split('\n').length;
  return new Error(`${file}, line ${line}: ${what} is not the same on Spark and Athena, expected ${instead}`);
}
