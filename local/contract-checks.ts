import type { DatasetPlan } from '../core/contract/plan.ts';
import { contractCheck } from '../core/contract/quality-sql.ts';
import { readCuratedSql } from './curated-sql.ts';
import type { Engine } from './engine.ts';
import type { Check } from './sql-library.ts';

/** Whether the curated tables still keep what the contract says of the columns that they have, one check a table. */
export async function contractChecks(engine: Engine, plan: DatasetPlan, sqlRoot: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { table } of await readCuratedSql(plan, sqlRoot)) {
    const { columns } = await engine.query(`select * from ${table} limit 0`);
    const kept = plan.columns.filter(({ name }) => columns.some((column) => column.name === name));
    const check = `There are rows, and each keeps the contract of ${plan.name}.`;
    checks.push({ ...contractCheck({ ...plan, columns: kept }, table), check, isForPublication: false });
  }
  return checks;
}
