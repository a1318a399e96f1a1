import type { CleanRule, DatasetPlan } from '../contract/plan.ts';

/** Repairs the source text of one column; adds the names of the rules that changed it to `changed`. */
export type CleanCell = (text: string, changed: string[]) => string;

/**
 * The cleaning rules of each column that has some, in the plan's order. A missing cell is never cleaned.
 *
 * What each kind does, the same in `bulk-sql.ts`:
 * - `trim` cuts ASCII spaces and tabs on both sides;
 * - `upper` raises the ASCII letters a–z, and no others;
 * - `map` replaces a whole text that is one of its keys, compared exactly;
 * - `decimal-comma` puts a point for the one comma between digits: `12,5`, but neither `1,234,5` nor `,5`.
 */
export function compileCleaner(plan: DatasetPlan): ReadonlyMap<string, CleanCell> {
  const columns = new Set(plan.clean.map(({ column }) => column));
  return new Map(
    [...columns].map((column) => [column, inOrder(plan.clean.filter((rule) => rule.column === column))] as const),
  );
}

function inOrder(rules: readonly CleanRule[]): CleanCell {
  const steps = rules.map((rule) => ({ name: rule.name, apply: compileRule(rule) }));
  return (text, changed) => {
    let cleaned = text;
    for (const { name, apply } of steps) {
      const next = apply(cleaned);
      if (next !== cleaned) changed.push(name);
      cleaned = next;
    }
    return cleaned;
  };
}

function compileRule(rule: CleanRule): (text: string) => string {
  switch (rule.kind) {
    case 'trim':
      return trimAscii;
    case 'upper':
      return (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    case 'map': {
      const values = new Map(Object.entries(rule.values));
      return (text) => values.get(text) ?? text;
    }
    case 'decimal-comma':
      return (text) => (/^[ \t]*[+-]?[0-9]+,[0-9]+[ \t]*$/.test(text) ? text.replace(',', '.') : text);
  }
}

/** Cuts ASCII spaces and tabs on both sides. A loop, because a regular expression is quadratic in a long run of spaces. */
export function trimAscii(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
