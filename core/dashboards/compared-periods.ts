/** Two periods that are compared: those of the view, or others that a report is about. */
import type { Parameters } from './visual-sql.ts';

/** View with a row for each of the two periods: `period` (`current`, `previous`), `first_day`, `last_day`. */
export const COMPARED_PERIODS = 'compared_periods';

/** Days as `2026-01-31`, both included. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

export interface ComparedPeriods {
  readonly current: Days;
  /** Undefined where there is nothing to compare with. */
  readonly previous: Days | undefined;
}

/** What stands in the view's place. Its days are parameters. */
export function comparedPeriodsSql({ current, previous }: ComparedPeriods): { sql: string; parameters: Parameters } {
  const periods = [['current', current] as const, ...(previous === undefined ? [] : [['previous', previous] as const])];
  const row = (name: string) =>
    `select '${name}' as period, cast(:${name}_first as date) as first_day, cast(:${name}_last as date) as last_day`;
  return {
    sql: periods.map(([name]) => row(name)).join('\nunion all\n'),
    parameters: Object.fromEntries(
      periods.flatMap(([name, { first, last }]) => [
        [`${name}_first`, first],
        [`${name}_last`, last],
      ]),
    ),
  };
}
