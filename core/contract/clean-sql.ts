/** Cleaning rules in DuckDB SQL, the same as `core/etl/clean-row.ts` in JavaScript. */
import { compileCleaner } from '../etl/clean-row.ts';
import { noBlanksAround } from './cell-sql.ts';
import { sqlText } from './duckdb-type.ts';
import type { CleanRule, Column, DatasetPlan } from './plan.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';

/** SQL of a text after a rule. */
export function cleanSql(rule: CleanRule, text: string): string {
  switch (rule.kind) {
    case 'trim':
      return `trim(${text}, ' \t')`;
    case 'upper':
      return `translate(${text}, '${LOWER}', '${LOWER.toUpperCase()}')`;
    case 'map': {
      const cases = Object.entries(rule.values).map(([from, to]) => `WHEN ${sqlText(from)} THEN ${sqlText(to)}`);
      return cases.length === 0 ? text : `CASE ${text} ${cases.join(' ')} ELSE ${text} END`;
    }
    case 'decimal-comma':
      return `CASE WHEN regexp_full_match(${text}, '[ \\t]*[+-]?[0-9]+,[0-9]+[ \\t]*') THEN replace(${text}, ',', '.') ELSE ${text} END`;
  }
}

/**
 * SQL that is true only where no cleaning rule changes a column's text, given that the text passes the column's check.
 * Cheap: it may be false for a text that no rule changes.
 */
export function unchangedSql(plan: DatasetPlan, column: Column, text: string): string[] {
  const rules = plan.clean.filter((rule) => rule.column === column.name);
  if (rules.length === 0 || keepsEveryValue(plan, column)) return [];
  const alphabet = alphabetOf(column.pattern);
  return rules
    .flatMap((rule) => unchangedBy(rule, column, alphabet, text))
    .map((check) => `(${text} IS NULL OR ${check})`);
}

function keepsEveryValue(plan: DatasetPlan, { name, type }: Column): boolean {
  const clean = compileCleaner(plan).get(name);
  if (type.kind !== 'enum' || clean === undefined) return false;
  return type.values.every((value) => {
    const changed: string[] = [];
    clean(value, changed);
    return changed.length === 0;
  });
}

function unchangedBy(rule: CleanRule, { type }: Column, alphabet: string | undefined, text: string): string[] {
  switch (rule.kind) {
    case 'trim':
      if (alphabet !== undefined && !/[ \t]/.test(alphabet)) return [];
      return noBlanksAround(text);
    case 'upper':
      return alphabet !== undefined && !/[a-z]/.test(alphabet) ? [] : [`NOT regexp_matches(${text}, '[a-z]')`];
    case 'map':
      return [`${text} NOT IN (${['', ...Object.keys(rule.values)].map(sqlText).join(', ')})`].map(
        (check) => `(${text} = '' OR ${check})`,
      );
    case 'decimal-comma':
      return type.kind === 'double' || type.kind === 'decimal' ? [] : [`NOT contains(${text}, ',')`];
  }
}

/** The characters of `^[…]{…}$`, the commonest pattern; undefined for any other. */
function alphabetOf(pattern: string | undefined): string | undefined {
  const ranges = /^\^\[((?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_.:])+-?)\]\{\d+(?:,\d+)?\}\$$/.exec(pattern ?? '')?.[1];
  if (ranges === undefined) return undefined;
  return Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    .filter((character) => new RegExp(`[${ranges}]`).test(character))
    .join('');
}
