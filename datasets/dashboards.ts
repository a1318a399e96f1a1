import type { DashboardSet } from '../core/dashboards/types.ts';
import { bookingDashboards } from './bookings/dashboards.ts';

/** The dashboards of all datasets that have some. */
export const dashboardSets: readonly DashboardSet[] = [bookingDashboards];

/** Throws a sentence where the dataset has none. */
export function dashboardsOf(dataset: string): DashboardSet {
  const set = dashboardSets.find((one) => one.dataset === dataset);
  if (set !== undefined) return set;
  throw new Error(
    `there are no dashboards of '${dataset}', expected one of ${dashboardSets.map((one) => one.dataset).join(', ')}`,
  );
}
