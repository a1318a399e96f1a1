/** Statements as texts: what of them is code, where their parameters stand, and how a value is written. */

/** Texts of a query without what stands in quotes and comments, each replaced by spaces of the same length. */
export function bareSql(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (text) => text.replace(/[^\n]/g, ' '));
}

/**
 * The text with DuckDB's `$name`, or what `mark` gives, for each `:name` outside quotes and comments, and the names
 * found.
 */
export function withDollars(
  sql: string,
  mark: (name: string) => string = (name) => `$${name}`,
): { readonly sql: string; readonly names: readonly string[] } {
  const bare = bareSql(sql);
  const names = new Set<string>();
  let out = '';
  let last = 0;
  for (const { index, 0: found, 1: name = '' } of bare.matchAll(/(?<![:\w]):([a-z_][a-z0-9_]*)/gi)) {
    names.add(name);
    out += `${sql.slice(last, index)}${mark(name)}`;
    last = index + found.length;
  }
  return { sql: out + sql.slice(last), names: [...names] };
}

/** A text as SQL writes it. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
