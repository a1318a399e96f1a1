import type { GeneratedColumn, Part } from '../../../core/generate/dataset-generator.ts';
import { ID_DIGITS, ID_STARTS, NOBODY } from './customers.ts';
import { SECONDS } from './event-clock.ts';
import { FLIGHT_DAYS, TRIP_TYPES } from './fitted-shares.ts';
import { ORIGINS, ROUTES } from './route-model.ts';

/** The values of a batch as codes: whole numbers as they are, the rest as places in a list of texts. */
export type BookingCodes = ReturnType<typeof emptyCodes>;

/** Most days of a lead time and of a stay. */
export const MOST_DAYS = 1000;

const FLAG = ['0', '1'];
const NUMBERS = Array.from({ length: MOST_DAYS + 1 }, (_, number) => String(number));
const PASSENGERS = NUMBERS.slice(0, 10);
const CHANNELS = ['Internet', 'Mobile'];
const TRIPS = Object.keys(TRIP_TYPES);
const HOURS = NUMBERS.slice(0, 24);
const DAYS = Object.keys(FLIGHT_DAYS);
const ROUTE_NAMES = ROUTES.map(({ name }) => name);
const DURATIONS = ROUTES.map(({ hours }) => String(hours));
const SIMULATED = ['1'];

export function emptyCodes(rows: number) {
  const codes = () => new Uint16Array(rows);
  return {
    passengers: codes(),
    mobile: codes(),
    trip: codes(),
    lead: codes(),
    stay: codes(),
    flightHour: codes(),
    flightDay: codes(),
    route: codes(),
    origin: codes(),
    baggage: codes(),
    seat: codes(),
    meals: codes(),
    complete: codes(),
    customer: [codes(), codes(), codes()] as const,
    eventHour: codes(),
    eventSecond: codes(),
    simulated: codes(),
    id: [codes(), codes(), codes()] as const,
  };
}

export function setCustomer({ customer }: BookingCodes, row: number, number: number | undefined): void {
  if (number === undefined) for (const group of customer) group[row] = NOBODY;
  else setDigits(customer, row, number);
}

/** Writes nine digits as three groups of three. */
export function setDigits(groups: readonly [Uint16Array, Uint16Array, Uint16Array], row: number, number: number): void {
  groups[0][row] = Math.floor(number / 1_000_000) % 1000;
  groups[1][row] = Math.floor(number / 1000) % 1000;
  groups[2][row] = number % 1000;
}

/** The columns of a batch. @param eventHours texts of the hours of the period. @param idStarts first groups of ids. */
export function bookingColumns(
  codes: BookingCodes,
  eventHours: readonly string[],
  idStarts: readonly string[],
): GeneratedColumn[] {
  const part = (values: Uint16Array, texts: readonly string[]): Part => ({ codes: values, texts });
  const column = (name: string, json: GeneratedColumn['json'], ...parts: Part[]) => ({ name, json, parts });
  const { customer, id } = codes;
  return [
    column('num_passengers', 'number', part(codes.passengers, PASSENGERS)),
    column('sales_channel', 'string', part(codes.mobile, CHANNELS)),
    column('trip_type', 'string', part(codes.trip, TRIPS)),
    column('purchase_lead', 'number', part(codes.lead, NUMBERS)),
    column('length_of_stay', 'number', part(codes.stay, NUMBERS)),
    column('flight_hour', 'number', part(codes.flightHour, HOURS)),
    column('flight_day', 'string', part(codes.flightDay, DAYS)),
    column('route', 'string', part(codes.route, ROUTE_NAMES)),
    column('booking_origin', 'string', part(codes.origin, ORIGINS)),
    column('wants_extra_baggage', 'boolean', part(codes.baggage, FLAG)),
    column('wants_preferred_seat', 'boolean', part(codes.seat, FLAG)),
    column('wants_in_flight_meals', 'boolean', part(codes.meals, FLAG)),
    column('flight_duration', 'number', part(codes.route, DURATIONS)),
    column('booking_complete', 'boolean', part(codes.complete, FLAG)),
    column(
      'customer_id',
      'string',
      part(customer[0], ID_STARTS),
      part(customer[1], ID_DIGITS),
      part(customer[2], ID_DIGITS),
    ),
    column('event_time', 'string', part(codes.eventHour, eventHours), part(codes.eventSecond, SECONDS)),
    column('event_time_simulated', 'boolean', part(codes.simulated, SIMULATED)),
    column('booking_id', 'string', part(id[0], idStarts), part(id[1], ID_DIGITS), part(id[2], ID_DIGITS)),
  ];
}
