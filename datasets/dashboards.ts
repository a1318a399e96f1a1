import type { DashboardSet } from '../core/dashboards/types.ts';
import { bookingDashboards } from './bookings/dashboards.ts';

const SETS: readonly DashboardSet[] = [bookingDashboards];

/** Throws a sentence where the dataset has none. */
export function dashboardsOf(dataset: string): DashboardSet {
  const set = SETS.find((one) => one.dataset === dataset);
  if (set !== undefined) return set;
  throw new Error(
    `there are no dashboards of '${dataset}', expected one of ${SETS.map((one) => one.dataset).join(', ')}`,
  );
}
