/** Quality rules in DQDL, the language of Glue Data Quality. */
import type { DatasetPlan } from './plan.ts';
import { type ColumnRule, type QualityRule, qualityRules } from './quality-rules.ts';

/** The rule set of a dataset, ready for `AWS::Glue::DataQualityRuleset`. */
export function qualityDqdl(plan: DatasetPlan): string {
  const rules = qualityRules(plan).map((rule) => `    ${dqdlOf(rule)}`);
  return `Rules = [\n${rules.join(',\n')}\n]`;
}

function dqdlOf(rule: QualityRule): string {
  if (rule.kind === 'not-empty') return 'RowCount > 0';
  if (rule.kind === 'complete') return `IsComplete ${quoted(rule.column)}`;
  if (rule.kind === 'unique-key') return uniqueKey(rule);
  return `${conditionOf(rule)}${rule.nullable && !isCustom(rule) ? ` where ${quoted(`${rule.column} is not null`)}` : ''}`;
}

/** `IsPrimaryKey` refuses nulls, so a key that may hold one is counted by a query. */
function uniqueKey({ columns, nullable }: Extract<QualityRule, { kind: 'unique-key' }>): string {
  if (!nullable) return `IsPrimaryKey ${columns.map(quoted).join(' ')}`;
  const key = columns.map((name) => `\`${name}\``).join(', ');
  return offending(`(select ${key} from primary group by ${key} having count(*) > 1)`);
}

/** `>=` and `<=` rather than `between`, which leaves out its ends. */
function conditionOf(rule: ColumnRule): string {
  const column = quoted(rule.column);
  switch (rule.kind) {
    case 'one-of':
      return `ColumnValues ${column} in [${rule.values.map(quoted).join(', ')}]`;
    case 'at-least':
      return `ColumnValues ${column} >= ${rule.bound}`;
    case 'at-most':
      return `ColumnValues ${column} <= ${rule.bound}`;
    case 'no-shorter':
      if (isCustom(rule)) return offending(`primary where size(\`${rule.column}\`) < ${rule.length}`);
      return `ColumnLength ${column} >= ${rule.length}`;
    case 'no-longer':
      if (isCustom(rule)) return offending(`primary where size(\`${rule.column}\`) > ${rule.length}`);
      return `ColumnLength ${column} <= ${rule.length}`;
    case 'matches':
      return `ColumnValues ${column} matches ${quoted(rule.pattern)}`;
  }
}

/** Lists have no rule of their own in DQDL; a query passes over nulls by itself. */
function isCustom(rule: ColumnRule): boolean {
  return 'of' in rule && rule.of === 'list';
}

function offending(from: string): string {
  return `CustomSql "select count(*) from ${from}" = 0`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
