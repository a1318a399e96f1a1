import type { AlertSet } from '../core/alerts/types.ts';
import { bookingAlerts } from './bookings/alerts.ts';

export const alertSets: readonly AlertSet[] = [bookingAlerts];

/** Throws a sentence where the dataset has none. */
export function alertsOf(dataset: string): AlertSet {
  const set = alertSets.find((one) => one.dataset === dataset);
  if (set !== undefined) return set;
  const names = alertSets.map((one) => one.dataset).join(', ');
  throw new Error(`there are no alerts of '${dataset}', expected one of ${names}`);
}
