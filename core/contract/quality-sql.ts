/** Quality rules as checks in Athena's dialect: each is a query that returns the offending rows. */
import type { DatasetPlan } from './plan.ts';
import { type ColumnRule, type QualityRule, qualityRules } from './quality-rules.ts';

export interface QualityCheck {
  /** What must hold, in words, such as `num_passengers at-least 1`. */
  readonly name: string;
  readonly rule: QualityRule;
  /** Returns the offending rows: their key and the value at fault. No rows means that all is well. */
  readonly sql: string;
}

/** The checks of the table `relation`, the dataset's own name unless given. */
export function qualityChecks(plan: DatasetPlan, relation: string = plan.name): QualityCheck[] {
  return qualityRules(plan).map((rule) => ({ name: nameOf(rule), rule, sql: sqlOf(rule, plan, quoted(relation)) }));
}

export interface ContractCheck {
  readonly name: string;
  readonly level: 'error';
  /** Returns the names of the rules that are broken and how many rows break each. */
  readonly sql: string;
}

/** All of them as one check. */
export function contractCheck(plan: DatasetPlan, relation: string): ContractCheck {
  const counts = qualityChecks(plan, relation).map(
    ({ name, sql }) => `select ${text(name)} as rule, count(*) as offending from (${sql})`,
  );
  const sql = `select rule, offending from (\n${counts.join('\nunion all\n')}\n) where offending > 0`;
  return { name: `contract-of-${relation}`, level: 'error', sql };
}

function nameOf(rule: QualityRule): string {
  if (rule.kind === 'not-empty') return 'not-empty';
  if (rule.kind === 'unique-key') return `${rule.columns.join(', ')} unique-key`;
  return `${rule.column} ${rule.kind}`;
}

function sqlOf(rule: QualityRule, plan: DatasetPlan, relation: string): string {
  if (rule.kind === 'not-empty') return `select count(*) as row_count from ${relation} having count(*) = 0`;
  if (rule.kind === 'unique-key') {
    const key = rule.columns.map(quoted).join(', ');
    return `select ${key}, count(*) as row_count from ${relation} group by ${key} having count(*) > 1`;
  }
  const shown = [...new Set([...plan.key, rule.column])].map(quoted).join(', ');
  return `select ${shown} from ${relation} where ${rule.kind === 'complete' ? `${quoted(rule.column)} is null` : breach(rule)}`;
}

/** True for a value that breaks the rule; null, so not true, for a null. */
function breach(rule: ColumnRule): string {
  const column = quoted(rule.column);
  switch (rule.kind) {
    case 'one-of':
      return `${column} not in (${rule.values.map(text).join(', ')})`;
    case 'at-least':
      return `${column} < ${rule.bound}`;
    case 'at-most':
      // Not `>`, for which NaN is small on one engine and large on another.
      return `not (${column} <= ${rule.bound})`;
    case 'no-shorter':
      return `${lengthOf(rule)} < ${rule.length}`;
    case 'no-longer':
      return `${lengthOf(rule)} > ${rule.length}`;
    case 'matches':
      return `not regexp_like(${column}, ${text(rule.pattern)})`;
  }
}

/** A list is counted as JSON, because DuckDB keeps `cardinality` for maps. */
function lengthOf({ column, of }: { readonly column: string; readonly of: 'text' | 'list' }): string {
  return of === 'text' ? `length(${quoted(column)})` : `json_array_length(cast(${quoted(column)} as json))`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
