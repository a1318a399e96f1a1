/** Who sees which columns, by the privacy classes of the contracts. */
import type { ColumnLevelPermissionRule } from '@aws-sdk/client-quicksight';
import type { Column, DatasetPlan, Privacy } from '../../core/contract/plan.ts';
import type { ShownSet } from './shown-set.ts';

/** The set without the columns that no group may see, under whatever name they stand. */
export function withoutSensitive(shown: ShownSet, plans: readonly DatasetPlan[]): ShownSet {
  const hidden = namedAfter(shown, columnsOfClass(plans, ['sensitive', 'drop']));
  return { ...shown, columns: shown.columns.filter(({ name }) => !hidden.includes(name)) };
}

/** The whole key of a row, and pseudonyms, are for analysts alone, also where an analyst shows the set to others. */
export function columnRules(
  shown: ShownSet,
  plans: readonly DatasetPlan[],
  analysts: string,
): ColumnLevelPermissionRule[] {
  const has = (column: string) => shown.columns.some(({ name }) => name === column);
  const keys = plans.filter(({ key }) => key.every(has)).flatMap(({ key }) => key.map((name) => ({ name })));
  const guarded = namedAfter(shown, [...keys, ...columnsOfClass(plans, ['pseudonym'])]);
  return guarded.length === 0 ? [] : [{ Principals: [analysts], ColumnNames: guarded }];
}

function columnsOfClass(plans: readonly DatasetPlan[], classes: readonly Privacy[]): Column[] {
  return plans.flatMap((plan) => plan.columns.filter(({ privacy }) => classes.includes(privacy)));
}

/** Columns of the set that show one of the columns, under whatever name. */
function namedAfter({ columns }: ShownSet, guarded: readonly Pick<Column, 'name'>[]): string[] {
  return columns
    .filter(({ name, expression }) =>
      guarded.some((column) => new RegExp(`\\b${column.name}\\b`).test(`${name} ${expression}`)),
    )
    .map(({ name }) => name);
}
