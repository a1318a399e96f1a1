/** Who sees which rows: rules that QuickSight holds against the group of whoever looks. */
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { READERS, type Reader } from '../../core/dashboards/types.ts';
import type { SetColumn, ShownSet } from './shown-set.ts';

/** Codes that a group is confined to, by column; a group without an entry sees all rows. */
export type RowRules = Partial<Readonly<Record<Reader, Readonly<Record<string, readonly string[]>>>>>;

/** A table of rules, which is a data set of its own. */
export interface RuleSet {
  /** Part of its id. */
  readonly name: string;
  /** Columns of the guarded data sets, all of text: QuickSight compares nothing else. */
  readonly columns: readonly string[];
  readonly sql: string;
}

/** The column of a data set that has none to confine by; a group that is confined sees no row of it. */
export const WHOLE_SET: SetColumn = { name: 'row_scope', type: 'STRING', expression: "'all'" };

/**
 * The rules that guard a data set; undefined where no group is confined. Totals over all rows cannot be narrowed, so a
 * data set without the column is closed to a confined group: it never sees more than its rows.
 */
export function ruleSet(
  { columns }: Pick<ShownSet, 'columns'>,
  rules: RowRules,
  groups: Readonly<Record<Reader, string>>,
): RuleSet | undefined {
  const confined = unique(READERS.flatMap((reader) => Object.keys(rules[reader] ?? {})));
  if (confined.length === 0) return undefined;
  const own = confined.filter((name) => columns.some((column) => column.name === name && column.type === 'STRING'));
  const compared = own.length === 0 ? [WHOLE_SET.name] : own;
  const rows = READERS.flatMap((reader) =>
    rowsOf(rules[reader] ?? {}, compared).map((row) => [groups[reader], ...row]),
  );
  const values = rows.map((row) => `  (${row.map(literal).join(', ')})`).join(',\n');
  return {
    name: `rules-${compared.join('-').replaceAll('_', '-')}`,
    columns: compared,
    sql: `select *\nfrom (values\n${values}\n) as rules ("GroupName", ${compared.join(', ')})`,
  };
}

/** Throws one sentence for a column or a value that no contract has: such a rule would close what it should open. */
export function refuseUnknownRules(rules: RowRules, plans: readonly DatasetPlan[]) {
  const texts = plans.flatMap(({ columns }) =>
    columns.filter(({ type }) => type.kind === 'string' || type.kind === 'enum'),
  );
  for (const [reader, confined] of Object.entries(rules)) {
    for (const [name, values] of Object.entries(confined)) {
      const column = texts.find((one) => one.name === name && one.privacy === 'none');
      const known = texts.filter(({ privacy }) => privacy === 'none').map((one) => one.name);
      if (column === undefined) {
        throw new Error(`rows of ${reader} are confined by '${name}', expected one of ${unique(known).join(', ')}`);
      }
      const { type } = column;
      const unknown = type.kind === 'enum' ? values.filter((value) => !type.values.includes(value)) : [];
      if (type.kind === 'enum' && unknown.length > 0) {
        throw new Error(
          `rows of ${reader} are confined to '${unknown.join("', '")}', expected ${name} to be of ${type.values.join(', ')}`,
        );
      }
    }
  }
}

/** One row a combination of values, each empty where the group is not confined; none where the set lacks a column. */
function rowsOf(confined: Readonly<Record<string, readonly string[]>>, columns: readonly string[]) {
  if (Object.keys(confined).some((name) => !columns.includes(name))) return [];
  return columns.reduce<(string | undefined)[][]>(
    (rows, name) => rows.flatMap((row) => (confined[name] ?? [undefined]).map((value) => [...row, value])),
    [[]],
  );
}

function literal(value: string | undefined): string {
  return value === undefined ? 'cast(null as varchar)' : `'${value.replaceAll("'", "''")}'`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
