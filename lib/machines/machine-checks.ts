import type { DatasetPlan } from '../../core/contract/plan.ts';
import { qualityChecks } from '../../core/contract/quality-sql.ts';
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
    ...curatedTables(plan).map((table) => {
      const { name } = table;
      const rules = qualityChecks(curatedPlan(plan, table), name);
      const sql = rules
        .map((rule) => `select '${rule.name.replaceAll("'", "''")}' as rule, count(*) as offending from (${rule.sql})`)
        .join('\nunion all\n');
      return {
        name: `contract-of-${name}`,
        level: 'error' as const,
        sql: `select rule, offending from (\n${sql}\n) where offending > 0`,
      };
    }),
  ];
}

function levelOf(name: string, sql: string): MachineCheck['level'] {
  const level = /^-- level: (error|warning)$/m.exec(sql)?.[1];
  if (level === 'error' || level === 'warning') return level;
  throw new Error(`the check ${name} has no level: begin it with -- level: error, or warning`);
}
