import { visualsOf } from '../core/dashboards/types.ts';
import { dashboardSets } from '../datasets/dashboards.ts';
import type { Environment } from './environments.ts';
import { isLiveSource } from './quicksight/shown-set.ts';

/** Id of a view's data set in QuickSight. */
export function dataSetId({ name }: Pick<Environment, 'name'>, source: string): string {
  return `laketwin-${name}-${source}`;
}

/** Ids of the data sets that are kept in memory and read anew after a publication; none without dashboards. */
export function dataSetIds(environment: Environment): string[] {
  if (environment.dashboards === undefined) return [];
  return dashboardSets.flatMap((set) => {
    const sources = [...new Set(visualsOf(set).map(({ source }) => source))];
    return sources.filter((source) => !isLiveSource(set, source)).map((source) => dataSetId(environment, source));
  });
}
