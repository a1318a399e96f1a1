import type { DatasetPlan } from '../../core/contract/plan.ts';
import { contractCheck } from '../../core/contract/quality-sql.ts';
import { curatedPlan, curatedTables } from '../curated-tables.ts';
import { sqlFiles } from '../sql-files.ts';
import type { MachineCheck } from './curation.ts';

/**
 * What must hold before a dataset's curated tables are published: the checks of `sql/<dataset>/checks`, and the rules of
 * the contract for the columns that a table of one row a key keeps, as one query a table.
 */
export function machineChecks(plan: DatasetPlan): MachineCheck[] {
  return [
    ...sqlFiles(plan.name, 'checks').map(({ name, sql }) => ({ name, level: levelOf(name, sql), sql })),
    ...curatedTables(plan).map((table) => contractCheck(curatedPlan(plan, table), table.name)),
  ];
}

function levelOf(name: string, sql: string): MachineCheck['level'] {
  const level = /^-- level: (error|warning)$/m.exec(sql)?.[1];
  if (level === 'error' || level === 'warning') return level;
  throw new Error(`the check ${name} has no level: begin it with -- level: error, or warning`);
}
