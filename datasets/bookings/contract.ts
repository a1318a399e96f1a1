import * as z from 'zod';
import { defineDataset } from '../../core/contract/define-dataset.ts';
import { pseudonym, timestamp } from '../../core/contract/types.ts';
import { clean } from './clean.ts';

export const bookings = defineDataset({
  name: 'bookings',
  description: 'One row per booking attempt, completed or abandoned.',
  key: ['booking_id'],
  newestBy: ['event_time', 'ingested_at', 'source_line'],
  retention: { rawDays: 90, processedDays: 730 },
  clean,
  row: z.object({
    booking_id: z
      .string()
      .regex(/^[A-Za-z0-9._:-]{1,64}$/)
      .meta({ description: 'Id of the booking.', origin: 'position' }),
    customer_id: pseudonym().nullable().meta({ description: 'Pseudonym of the customer.', privacy: 'pseudonym' }),
    event_time: timestamp().nullable().meta({ description: 'When the booking was made or abandoned.' }),
    event_time_simulated: z
      .boolean()
      .nullable()
      .meta({ description: 'True where the time was made up for a demonstration.' }),
    num_passengers: z.int().min(1).max(9).meta({ description: 'Passengers on the booking.' }),
    sales_channel: z.enum(['Internet', 'Mobile']).meta({ description: 'Where the booking was made.' }),
    trip_type: z.enum(['RoundTrip', 'OneWay', 'CircleTrip']).meta({ description: 'Shape of the trip.' }),
    purchase_lead: z.int().min(0).max(1000).meta({ description: 'Days between booking and departure.', unit: 'days' }),
    length_of_stay: z.int().min(0).max(1000).meta({ description: 'Days at the destination.', unit: 'days' }),
    flight_hour: z.int().min(0).max(23).meta({ description: 'Hour of departure.' }),
    flight_day: z
      .enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
      .meta({ description: 'Weekday of departure.' }),
    route: z
      .string()
      .regex(/^[A-Z]{6}$/)
      .meta({ description: 'Two airport codes in alphabetical order.' }),
    booking_origin: z.string().min(1).max(100).meta({ description: 'Country where the booking was made.' }),
    wants_extra_baggage: z.boolean().meta({ description: 'Wanted extra baggage.' }),
    wants_preferred_seat: z.boolean().meta({ description: 'Wanted a preferred seat.' }),
    wants_in_flight_meals: z.boolean().meta({ description: 'Wanted meals.' }),
    flight_duration: z.number().min(0.1).max(24).meta({ description: 'Duration of the flight.', unit: 'hours' }),
    booking_complete: z.boolean().meta({ description: 'True when the booking was completed.' }),
  }),
});
