import type { DatasetGenerator } from '../../core/generate/dataset-generator.ts';
import { BROKEN_KINDS } from './generate/broken-kinds.ts';
import { openBookings } from './generate/draw-bookings.ts';

const COLUMNS = [
  'num_passengers',
  'sales_channel',
  'trip_type',
  'purchase_lead',
  'length_of_stay',
  'flight_hour',
  'flight_day',
  'route',
  'booking_origin',
  'wants_extra_baggage',
  'wants_preferred_seat',
  'wants_in_flight_meals',
  'flight_duration',
  'booking_complete',
  'customer_id',
  'event_time',
  'event_time_simulated',
] as const;

/** Bookings as the public airline file has them, with customers and with times of thirteen months. */
export const generator: DatasetGenerator = {
  columns: [...COLUMNS, 'booking_id'],
  defaultColumns: COLUMNS,
  timeColumn: 'event_time',
  brokenKinds: BROKEN_KINDS,
  open: openBookings,
};
