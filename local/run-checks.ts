import type { AnswerColumn, AnswerRow } from './answer.ts';
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

/** Runs the checks of a dataset, each a query that returns the rows that offend. */
export async function runChecks(
  engine: Engine,
  dataset: string,
  { sqlRoot = SQL_ROOT, forPublication = false } = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const checks = await readChecks(sqlRoot, dataset);
  for (const { name, level, check, sql } of checks.filter((it) => it.isForPublication || !forPublication)) {
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
