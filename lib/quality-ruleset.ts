import type { DatasetPlan } from '../core/contract/plan.ts';
import { dqdlOfCheck, qualityDqdl } from '../core/contract/quality-dqdl.ts';
import { type CuratedTable, curatedPlan } from './curated-tables.ts';
import { relationsOf, type SqlFile, sqlFiles } from './sql-files.ts';

/** The rule set of a curated table: the rules of its contract, and the stated checks that read nothing else. */
export function qualityRuleset(plan: DatasetPlan, table: CuratedTable): string {
  const further = checksOfTable(plan.name, table.name).map(({ sql }) => dqdlOfCheck(sql, table.name));
  return qualityDqdl(curatedPlan(plan, table), further);
}

/** Those of `sql/<dataset>/checks` that read one table and no other relation: a rule set knows no more. */
export function checksOfTable(dataset: string, table: string): SqlFile[] {
  return sqlFiles(dataset, 'checks').filter(({ sql }) => relationsOf(sql).every((name) => name === table));
}
