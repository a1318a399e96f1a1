/** Who sees which columns, by the privacy classes of the contracts. */
import type { ColumnLevelPermissionRule } from '@aws-sdk/client-quicksight';
import type { DatasetPlan, Privacy } from '../../core/contract/plan.ts';
import type { ShownSet } from './shown-set.ts';

/** The set without the columns that no group may see, under whatever name they stand. */
export function withoutSensitive(shown: ShownSet, plans: readonly DatasetPlan[]): ShownSet {
  const hidden = columnsOfClass(shown, plans, ['sensitive', 'drop']);
  return { ...shown, columns: shown.columns.filter(({ name }) => !hidden.includes(name)) };
}

/** Pseudonyms are for analysts alone, also where an analyst shows the data set to others. */
export function columnRules(
  shown: ShownSet,
  plans: readonly DatasetPlan[],
  analysts: string,
): ColumnLevelPermissionRule[] {
  const ColumnNames = columnsOfClass(shown, plans, ['pseudonym']);
  return ColumnNames.length === 0 ? [] : [{ Principals: [analysts], ColumnNames }];
}

function columnsOfClass({ columns }: ShownSet, plans: readonly DatasetPlan[], classes: readonly Privacy[]): string[] {
  const guarded = plans.flatMap((plan) => plan.columns.filter(({ privacy }) => classes.includes(privacy)));
  return columns
    .filter(({ name, expression }) =>
      guarded.some((column) => new RegExp(`\\b${column.name}\\b`).test(`${name} ${expression}`)),
    )
    .map(({ name }) => name);
}
