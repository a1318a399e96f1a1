/** Fields that the dashboards show, and what belongs to a rate or to two periods. */
import type { Field } from '../../../core/dashboards/types.ts';

export const ATTEMPTS: Field = { column: 'attempts', label: { en: 'Bookings', fr: 'Réservations' }, format: 'count' };
export const COMPLETED: Field = { column: 'completed', label: { en: 'Completed', fr: 'Finalisées' }, format: 'count' };
export const ABANDONED: Field = { column: 'abandoned', label: { en: 'Lost', fr: 'Perdues' }, format: 'count' };
export const RATE: Field = {
  column: 'completion_rate',
  label: { en: 'Completion rate', fr: 'Taux de finalisation' },
  format: 'rate',
};
export const CHANNEL: Field = { column: 'sales_channel', label: { en: 'Channel', fr: 'Canal' }, format: 'text' };
export const ORIGIN: Field = { column: 'booking_origin', label: { en: 'Country', fr: 'Pays' }, format: 'text' };
export const MONTH: Field = { column: 'month', label: { en: 'Month', fr: 'Mois' }, format: 'month' };
export const DAY: Field = {
  column: 'ingest_date',
  label: { en: 'Day taken in', fr: 'Jour de réception' },
  format: 'day',
};

/** What every completion rate comes with. */
export const MEASURED = { sample: 'attempts', interval: { low: 'rate_low', high: 'rate_high' } } as const;
export const OVER_PERIODS = { period: 'period', covered: 'is_covered', first: 'first_day', last: 'last_day' } as const;
