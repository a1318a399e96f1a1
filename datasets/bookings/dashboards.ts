import type { DashboardSet } from '../../core/dashboards/types.ts';
import type { bookings } from './contract.ts';
import { direction } from './dashboards/direction.ts';
import { marketing } from './dashboards/marketing.ts';
import { operations } from './dashboards/operations.ts';
import { words } from './words.ts';

/** Columns of the curated table that a filter may choose by: those of the contract, and the day of the booking. */
type FilterColumn = keyof typeof bookings.row.shape | 'event_date';

/** What marketing, the direction and analysts look at, on every target. */
export const bookingDashboards: DashboardSet<FilterColumn> = {
  dataset: 'bookings',
  table: 'bookings',
  filters: [
    { id: 'channel', kind: 'values', column: 'sales_channel', label: { en: 'Channel', fr: 'Canal' } },
    { id: 'trip', kind: 'values', column: 'trip_type', label: { en: 'Trip', fr: 'Voyage' } },
    { id: 'origin', kind: 'values', column: 'booking_origin', label: { en: 'Country', fr: 'Pays' } },
    { id: 'dates', kind: 'days', column: 'event_date', label: { en: 'Booked', fr: 'Réservé' } },
  ],
  dashboards: [marketing, direction, operations],
  words,
  model: { source: 'scores_by_version', version: 'model_version', scoredAt: 'last_scored_at' },
  staleAfterHours: 24,
  samples: { faded: 30, hidden: 10 },
};
