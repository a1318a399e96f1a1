import { type AliasTable, aliasTable, drawIndex } from '../../../core/generate/alias-table.ts';
import { happens } from '../../../core/generate/logistic.ts';
import { drawQuantile, type QuantileTable, quantileTable } from '../../../core/generate/quantile-table.ts';
import { type BookingCodes, MOST_DAYS } from './booking-codes.ts';
import { EFFECTS } from './booking-effects.ts';
import {
  FLIGHT_DAYS,
  FLIGHT_HOURS,
  LEADS,
  LONG_STAYS,
  QUANTILE_SHARES,
  SHORT_STAYS,
  TRIP_TYPES,
} from './fitted-shares.ts';
import { PROFILES, routeTable } from './route-model.ts';

const ROUTE = PROFILES.map(routeTable);
const PASSENGERS = PROFILES.map(({ passengers }) => aliasTable(passengers));
const MOBILE_BELOW = Float64Array.from(PROFILES, ({ mobile }) => (mobile / 1000) * 2 ** 32);
const TRIP = aliasTable(Object.values(TRIP_TYPES));
const HOUR = aliasTable(FLIGHT_HOURS);
const LEAD = LEADS.map((values) => quantileTable(QUANTILE_SHARES, values));
const LEAD_SCALE = Float64Array.from(PROFILES, ({ leadScale }) => leadScale);
const LONG_STAY = quantileTable(QUANTILE_SHARES, LONG_STAYS);
const SHORT_STAY = aliasTable(SHORT_STAYS);
const DAY_WEIGHTS = Object.values(FLIGHT_DAYS);
const DAY_BELOW = Float64Array.from(DAY_WEIGHTS, (weight) => (weight / Math.max(...DAY_WEIGHTS)) * 2 ** 32);
/** 1970-01-01 was a Thursday, the fourth day of the week. */
const FIRST_WEEKDAY = 3;

/**
 * Draws the fourteen columns of the public file for one row.
 *
 * @param profile of its origin.
 * @param day on which it is booked, in days since 1970.
 */
export function drawBooking(
  codes: BookingCodes,
  row: number,
  profile: number,
  day: number,
  random: () => number,
): void {
  const party = drawIndex(PASSENGERS[profile] as AliasTable, random()); // passengers less one
  const mobile = random() < (MOBILE_BELOW[profile] as number) ? 1 : 0;
  const trip = drawIndex(TRIP, random());
  const route = drawIndex(ROUTE[profile] as AliasTable, random());
  const stay = drawStay(profile, route, party, mobile, random);
  const { lead, weekday } = drawDeparture(profile, party, day, random);
  codes.passengers[row] = party + 1;
  codes.mobile[row] = mobile;
  codes.trip[row] = trip;
  codes.route[row] = route;
  codes.stay[row] = stay;
  codes.lead[row] = lead;
  codes.flightDay[row] = weekday;
  codes.flightHour[row] = drawIndex(HOUR, random());

  const { baggage: forBaggage, seat: forSeat, meals: forMeals, completion } = EFFECTS;
  const baggage = draw(
    at(forBaggage.profile, profile) +
      at(forBaggage.passengers, party) +
      at(forBaggage.stay, stay) +
      mobile * forBaggage.mobile,
    random,
  );
  const seat = draw(
    at(forSeat.profile, profile) +
      at(forSeat.route, route) +
      at(forSeat.passengers, party) +
      mobile * forSeat.mobile +
      baggage * forSeat.baggage,
    random,
  );
  const meals = draw(
    at(forMeals.profile, profile) +
      at(forMeals.route, route) +
      at(forMeals.passengers, party) +
      mobile * forMeals.mobile +
      baggage * forMeals.baggage +
      seat * forMeals.seat,
    random,
  );
  codes.baggage[row] = baggage;
  codes.seat[row] = seat;
  codes.meals[row] = meals;
  codes.complete[row] = draw(
    at(completion.profile, profile) +
      at(completion.route, route) +
      at(completion.passengers, party) +
      at(completion.stay, stay) +
      at(completion.lead, lead) +
      mobile * completion.mobile +
      (trip === 0 ? 0 : completion.notRoundTrip) +
      baggage * completion.baggage +
      seat * completion.seat +
      meals * completion.meals,
    random,
  );
}

function drawStay(profile: number, route: number, party: number, mobile: number, random: () => number): number {
  const { shortStay } = EFFECTS;
  const logit = at(shortStay.profile, profile) + at(shortStay.route, route) + at(shortStay.passengers, party);
  const isShort = happens(logit + mobile * shortStay.mobile, random());
  return isShort ? drawIndex(SHORT_STAY, random()) : Math.floor(drawQuantile(LONG_STAY, random()));
}

/** Days until the flight and its weekday: drawn again until the weekday is taken, so that the two always agree. */
function drawDeparture(profile: number, party: number, day: number, random: () => number) {
  const table = LEAD[Math.min(party, LEAD.length - 1)] as QuantileTable;
  for (;;) {
    const lead = Math.min(Math.floor(drawQuantile(table, random()) * (LEAD_SCALE[profile] as number)), MOST_DAYS);
    const weekday = (day + lead + FIRST_WEEKDAY) % 7;
    if (random() < (DAY_BELOW[weekday] as number)) return { lead, weekday };
  }
}

function draw(centilogits: number, random: () => number): 0 | 1 {
  return happens(centilogits, random()) ? 1 : 0;
}

/** For whole numbers only: a function that reads one kind of array is several times faster than one for all. */
function at(values: Int16Array, index: number): number {
  return values[index] as number;
}
