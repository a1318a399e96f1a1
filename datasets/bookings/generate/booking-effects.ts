import { CENTILOGIT } from '../../../core/generate/logistic.ts';
import { BAGGAGE, COMPLETION, LEAD_STEPS, MEALS, SEAT, SHORT_STAY, STAY_STEPS } from './fitted-shares.ts';
import { PROFILES, ROUTES } from './route-model.ts';

/** The effects as whole hundredths of a logit, looked up by profile, route, passengers, days of stay and of lead. */
export const EFFECTS = {
  shortStay: {
    profile: Int16Array.from(PROFILES, ({ effects }) => cents(SHORT_STAY.base + effects.shortStay)),
    route: Int16Array.from(ROUTES, ({ shortStay }) => shortStay * 10),
    passengers: byPassengers(SHORT_STAY.passengers),
    mobile: cents(SHORT_STAY.mobile),
  },
  baggage: {
    profile: Int16Array.from(PROFILES, ({ effects }) => cents(BAGGAGE.base + effects.baggage)),
    passengers: byPassengers(BAGGAGE.passengers),
    stay: byDays(STAY_STEPS, BAGGAGE.stay),
    mobile: cents(BAGGAGE.mobile),
  },
  seat: {
    profile: Int16Array.from(PROFILES, ({ effects }) => cents(SEAT.base + effects.seat)),
    route: Int16Array.from(ROUTES, ({ hours }) => cents(SEAT.hour * (hours - 7))),
    passengers: byPassengers(SEAT.passengers),
    mobile: cents(SEAT.mobile),
    baggage: cents(SEAT.baggage),
  },
  meals: {
    profile: Int16Array.from(PROFILES, ({ effects }) => cents(MEALS.base + effects.meals)),
    route: Int16Array.from(ROUTES, ({ hours }) => cents(MEALS.hour * (hours - 7))),
    passengers: byPassengers(MEALS.passengers),
    mobile: cents(MEALS.mobile),
    baggage: cents(MEALS.baggage),
    seat: cents(MEALS.seat),
  },
  completion: {
    profile: Int16Array.from(PROFILES, ({ effects }) => cents(COMPLETION.base + effects.completion)),
    route: Int16Array.from(ROUTES, ({ completion }) => completion * 10),
    passengers: byPassengers(COMPLETION.passengers),
    stay: byDays(STAY_STEPS, COMPLETION.stay),
    lead: byDays(LEAD_STEPS, COMPLETION.lead),
    mobile: cents(COMPLETION.mobile),
    notRoundTrip: cents(COMPLETION.notRoundTrip),
    baggage: cents(COMPLETION.baggage),
    seat: cents(COMPLETION.seat),
    meals: cents(COMPLETION.meals),
  },
} as const;

function cents(logit: number): number {
  return Math.round(logit * CENTILOGIT);
}

/** Looked up by the number of passengers less one. */
function byPassengers(effects: readonly number[]): Int16Array {
  return Int16Array.from({ length: 9 }, (_, place) => cents(effects[Math.min(place, effects.length - 1)] as number));
}

function byDays(steps: readonly number[], effects: readonly number[]): Int16Array {
  return Int16Array.from({ length: (steps.at(-1) as number) + 1 }, (_, day) => {
    return cents(effects[steps.findIndex((last) => day <= last)] as number);
  });
}
