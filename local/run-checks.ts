import type { AnswerRow } from '../core/answers/answer-value.ts';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { AnswerColumn } from './answer.ts';
import { contractChecks } from './contract-checks.ts';
import { SQL_ROOT } from './curated-sql.ts';
import type { Engine } from './engine.ts';
import { readChecks } from './sql-library.ts';

export interface CheckResult {
  readonly name: string;
  /** An `error` means that the lake broke a promise; a `warning` that the source is odd. */
  readonly level: 'error' | 'warning';
  /** What holds where nothing offends. */
  readonly promise: string;
  /** Rows that offend. */
  readonly offending: number;
  readonly columns: readonly AnswerColumn[];
  /** The first of them. */
  readonly examples: readonly AnswerRow[];
}

const EXAMPLES = 3;

/**
 * Runs the checks of a dataset, each a query that returns the rows that offend: all, with the contract's, or those of a
 * publication, for which each row was held against the contract as it came in.
 */
export async function runChecks(
  engine: Engine,
  plan: DatasetPlan,
  { sqlRoot = SQL_ROOT, forPublication = false } = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const stated = await readChecks(sqlRoot, plan.name);
  const checks = forPublication
    ? stated.filter((check) => check.isForPublication)
    : [...stated, ...(await contractChecks(engine, plan, sqlRoot))];
  for (const { name, level, check, sql } of checks) {
    const examples: AnswerRow[] = [];
    const sink = {
      begin: () => {},
      add: (rows: readonly AnswerRow[]) => {
        examples.push(...rows.slice(0, EXAMPLES - examples.length));
      },
    };
    const { columns, rowCount } = await engine.read(sink, sql);
    results.push({ name, level, promise: check, offending: rowCount, columns, examples });
  }
  return results;
}
