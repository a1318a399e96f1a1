import { quotedText, withDollars } from '../../core/answers/statement-text.ts';
import { lookOf, readParameter, typedParameters } from '../bind-parameters.ts';
import type { Parameter } from '../sql-library.ts';

export interface StatementWithValues {
  /** With a question mark for each `:name`. */
  readonly sql: string;
  /** A literal for each question mark, in their order. */
  readonly values: readonly string[];
}

/**
 * The statement and its values apart, as Athena and Trino take them: a value is checked against its type and is never
 * part of the text. Throws as `bindParameters` does.
 */
export function withLiterals(
  sql: string,
  given: Readonly<Record<string, string>>,
  declared: readonly Parameter[],
): StatementWithValues {
  const order: string[] = [];
  const marked = withDollars(sql.trim().replace(/;\s*$/, ''), (name) => {
    order.push(name);
    return '?';
  });
  const literals = new Map(
    typedParameters(marked.names, given, declared).map(({ name, text, type = lookOf(text) }) => {
      readParameter(name, type, text);
      return [name, LITERALS[type](text)];
    }),
  );
  return { sql: marked.sql, values: order.map((name) => literals.get(name) ?? 'null') };
}

const LITERALS: Readonly<Record<Parameter['type'], (text: string) => string>> = {
  int: (text) => `bigint '${text}'`,
  number: (text) => `double '${text.trim()}'`,
  text: quotedText,
  date: (text) => `date '${text}'`,
};
