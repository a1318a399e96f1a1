import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { Sources } from '../../core/dashboards/lint.ts';
import type { DashboardSet, Language } from '../../core/dashboards/types.ts';
import { withoutSensitive } from './column-rules.ts';
import { withEvidenceTables } from './evidence-tables.ts';
import { type ShownSet, shownSets } from './shown-set.ts';

export interface CompiledSet {
  /** The description with what QuickSight needs besides. */
  readonly set: DashboardSet;
  readonly shown: readonly ShownSet[];
  readonly language: Language;
}

/** What all dashboards of a description share. */
export function compileSet(
  described: DashboardSet,
  sources: Sources,
  plans: readonly DatasetPlan[],
  language: Language,
): CompiledSet {
  const set = withEvidenceTables(described);
  const shown = shownSets(set, sources, language).map((one) => withoutSensitive(one, plans));
  return { set, shown, language };
}
