/** Quality rules in DQDL, the language of Glue Data Quality. */
import type { DatasetPlan } from './plan.ts';
import { type ColumnRule, qualityRules } from './quality-rules.ts';

/** The rule set of a dataset, ready for `AWS::Glue::DataQualityRuleset`, with further rules behind the contract's. */
export function qualityDqdl(plan: DatasetPlan, further: readonly string[] = []): string {
  const rules = [...dqdlRules(plan), ...further].map((rule) => `    ${rule}`);
  return `Rules = [\n${rules.join(',\n')}\n]`;
}

/** A check that reads nothing but `table`, a query that returns the rows that offend, as a rule. */
export function dqdlOfCheck(sql: string, table: string): string {
  const line = sql.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim();
  const ofPrimary = line.replace(new RegExp(`\\b${table}\\b`, 'g'), 'primary');
  return offending(`(${ofPrimary})`);
}

/** The rules of the set, each for that of `qualityRules` in the same place. */
export function dqdlRules(plan: DatasetPlan): string[] {
  return qualityRules(plan).map((rule) => {
    if (rule.kind === 'not-empty') return 'RowCount > 0';
    // Of no rows DQDL knows no completeness, and would fail the rule.
    if (rule.kind === 'complete') return `(RowCount = 0) or (IsComplete ${quoted(rule.column)})`;
    if (rule.kind === 'unique-key') return uniqueKey(rule.columns);
    if (isOfList(rule)) return listLength(rule);
    return `${conditionOf(rule)} where ${quoted(`${rule.column} is not null`)}`;
  });
}

/** By a query, for `IsPrimaryKey` also fails for one null, which is what completeness is about, and for no rows. */
function uniqueKey(columns: readonly string[]): string {
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
      return `ColumnLength ${column} >= ${rule.length}`;
    case 'no-longer':
      return `ColumnLength ${column} <= ${rule.length}`;
    case 'matches':
      return `ColumnValues ${column} matches ${quoted(wholeText(rule.pattern))}`;
  }
}

/** `matches` wants the whole text, a contract a part of it. */
function wholeText(pattern: string): string {
  return /^\^[^|]*\\z$/.test(pattern) ? pattern : `[\\s\\S]*(?:${pattern})[\\s\\S]*`;
}

type LengthRule = Extract<ColumnRule, { kind: 'no-shorter' | 'no-longer' }>;

function isOfList(rule: ColumnRule): rule is ColumnRule & LengthRule {
  return 'of' in rule && rule.of === 'list';
}

/** Lists have no rule of their own in DQDL; a query passes over nulls by itself. */
function listLength({ column, kind, length }: LengthRule): string {
  return offending(`primary where size(\`${column}\`) ${kind === 'no-shorter' ? '<' : '>'} ${length}`);
}

function offending(from: string): string {
  return `CustomSql ${quoted(`select count(*) from ${from}`)} = 0`;
}

/** DQDL takes a backslash as it is, but for one before a quote. */
function quoted(text: string): string {
  if (/\\("|$)/.test(text)) throw new Error(`DQDL cannot say ${text}: a backslash stands before a quote or at the end`);
  return `"${text.replaceAll('"', '\\"')}"`;
}
