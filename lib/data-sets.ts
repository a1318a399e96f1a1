import type { Environment } from './environments.ts';

/** Views that dashboards show. */
export const SHOWN_VIEWS = ['completion_by_channel', 'daily_bookings'] as const;

/** Id of a view's data set in QuickSight. */
export function dataSetId({ name }: Environment, view: string): string {
  return `laketwin-${name}-${view}`;
}

/** Ids of all data sets; none where the environment has no dashboards. */
export function dataSetIds(environment: Environment): string[] {
  return environment.dashboards === undefined ? [] : SHOWN_VIEWS.map((view) => dataSetId(environment, view));
}
