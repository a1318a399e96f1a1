/** What the booking models look at. Meanings and bounds come from the contract. */

import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { FeaturePlan, FeatureRow, NumberFeature, Part } from '../../core/features/feature-plan.ts';
import { contractColumn } from '../../core/features/feature-plan.ts';
import { datasetNamed } from '../index.ts';

/** From the list and not from the contract, so that a Lambda that scores carries the plan alone. */
const dataset: DatasetPlan = datasetNamed('bookings');
const EXTRAS = ['wants_extra_baggage', 'wants_preferred_seat', 'wants_in_flight_meals'] as const;
const LEAD_BANDS = [3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 250, 365];
const STAY_BANDS = [3, 4, 5, 6, 7, 10, 14, 17, 21, 28, 40, 60, 90, 180];

export const bookingFeatures: FeaturePlan = {
  version: 1,
  dataset,
  targets: [
    { column: 'booking_complete', description: 'The booking will be completed.', unknown: [] },
    // Extras are foretold before any of them is chosen, and before the booking is completed.
    ...EXTRAS.map((column) => ({
      column,
      description: contractColumn(dataset, column).description,
      unknown: [...EXTRAS, 'booking_complete'],
    })),
  ],
  numbers: [
    ...[
      ...['num_passengers', 'purchase_lead', 'length_of_stay', 'flight_hour'],
      ...['sales_channel', 'trip_type', 'flight_day'],
      ...EXTRAS,
      'flight_duration',
    ].map(plain),
    number('extras', 'How many of the three extras are wanted.', EXTRAS, (a, b, c) => a + b + c),
    number(
      'lead_per_stay',
      'Days before departure for each day at the destination.',
      ['purchase_lead', 'length_of_stay'],
      (lead, stay) => (lead + 1) / (stay + 1),
    ),
    number(
      'days_to_return',
      'Days between booking and return.',
      ['purchase_lead', 'length_of_stay'],
      (lead, stay) => lead + stay,
    ),
    number('stay_beyond_weeks', 'Days of the stay beyond whole weeks.', ['length_of_stay'], (stay) => stay % 7),
    number('lead_beyond_weeks', 'Days of the lead beyond whole weeks.', ['purchase_lead'], (lead) => lead % 7),
    number(
      'return_day',
      'Weekday of the return, from 0 for Monday.',
      ['flight_day', 'length_of_stay'],
      (day, stay) => (day + stay) % 7,
    ),
    number(
      'booking_day',
      'Weekday of the booking, from 0 for Monday.',
      ['flight_day', 'purchase_lead'],
      (day, lead) => (((day - lead) % 7) + 7) % 7,
    ),
    number('weekends_away', 'Weekends within the stay.', ['flight_day', 'length_of_stay'], (day, stay) =>
      Math.floor((day + stay) / 7),
    ),
    number(
      'passenger_days',
      'Passengers times days at the destination, at most 60.',
      ['num_passengers', 'length_of_stay'],
      (passengers, stay) => passengers * Math.min(stay, 60),
    ),
  ],
  parts: [
    ...['route', 'booking_origin', 'sales_channel', 'trip_type', 'flight_day', 'flight_hour', 'length_of_stay'].map(
      (name) => part(name, [name], ([text = '']) => text),
    ),
    // A route is two airports in alphabetical order, see the contract.
    part('airport_a', ['route'], ([route = '']) => route.slice(0, 3)),
    part('airport_b', ['route'], ([route = '']) => route.slice(3)),
    part('lead_band', ['purchase_lead'], ([lead]) => band(Number(lead), LEAD_BANDS)),
    part('stay_band', ['length_of_stay'], ([stay]) => band(Number(stay), STAY_BANDS)),
    part('hour_band', ['flight_hour'], ([hour]) => String(Math.floor(Number(hour) / 4))),
  ],
  encodings: [
    ['route'],
    ['booking_origin'],
    ['airport_a'],
    ['airport_b'],
    ['length_of_stay'],
    ['route', 'booking_origin'],
    ['airport_a', 'booking_origin'],
    ['airport_b', 'booking_origin'],
    ['route', 'sales_channel', 'trip_type'],
    ['booking_origin', 'sales_channel', 'trip_type'],
    ['route', 'stay_band'],
    ['booking_origin', 'stay_band'],
    ['booking_origin', 'lead_band'],
    ['lead_band', 'stay_band'],
    ['flight_day', 'flight_hour'],
    ['booking_origin', 'hour_band'],
    ['route', 'flight_hour'],
  ],
  groups: ['sales_channel', 'booking_origin'],
  smoothing: 20,
};

/** A column as it is: a number, a yes as 1, a value of a closed list as its place in the list. */
function plain(name: string): NumberFeature {
  const { description } = contractColumn(dataset, name);
  return number(name, description, [name], (value) => value);
}

function number(
  name: string,
  description: string,
  inputs: readonly string[],
  of: (...values: number[]) => number,
): NumberFeature {
  const readers = inputs.map(reader);
  return { name, description, inputs, value: (row) => of(...readers.map((read) => read(row))) };
}

function reader(name: string): (row: FeatureRow) => number {
  const { type } = contractColumn(dataset, name);
  if (type.kind !== 'enum') return (row) => (row[name] == null ? Number.NaN : Number(row[name]));
  const places = new Map(type.values.map((value, place) => [value, place]));
  return (row) => places.get(String(row[name])) ?? Number.NaN;
}

function part(name: string, inputs: readonly string[], of: (texts: readonly string[]) => string): Part {
  return {
    name,
    inputs,
    text: (row) => (inputs.some((input) => row[input] == null) ? '' : of(inputs.map((input) => String(row[input])))),
  };
}

/** Place of a number between edges; an edge belongs to the band above it. */
function band(value: number, edges: readonly number[]): string {
  return String(edges.filter((edge) => value >= edge).length);
}
