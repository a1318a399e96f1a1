import { randomStream } from '../../../core/generate/random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STREAM = 0x74696d65;

/** Bookings made in each month (January first), on each weekday (Monday first) and in each hour of the day (UTC). */
const MONTHS = [120, 105, 100, 95, 92, 98, 104, 96, 94, 100, 112, 88];
const WEEKDAYS = [108, 106, 104, 102, 96, 88, 96];
const HOURS = [62, 58, 55, 52, 50, 48, 46, 44, 42, 44, 48, 54, 60, 62, 60, 56, 50, 44, 36, 30, 26, 30, 40, 54];

/** Times of bookings over a period, in rising order. */
export interface EventClock {
  /** Text of each hour of the period up to the minutes. */
  readonly hours: readonly string[];
  /** Days since 1970 of an hour. */
  dayOf(hour: number): number;
  /** The hour in which a share of all bookings is reached, and the second within it, the share being in [0, 1). */
  at(share: number): { readonly hour: number; readonly second: number };
}

/** Text of each second of an hour. */
export const SECONDS = Array.from({ length: 3600 }, (_, second) => {
  return `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}Z`;
});

/**
 * Thirteen months by season, weekday and hour, with a random weight for each day.
 *
 * @param end the first instant after the period.
 */
export function yearClock(end: Date, seed: number): EventClock {
  const start = new Date(end);
  start.setUTCMonth(start.getUTCMonth() - 13);
  const random = randomStream(seed, STREAM);
  const firstDay = Math.floor(start.getTime() / DAY_MS);
  const days = Math.floor(end.getTime() / DAY_MS) - firstDay;
  const weights = Array.from({ length: days }, (_, place) => {
    const date = new Date((firstDay + place) * DAY_MS);
    const jitter = 90 + (random() % 21);
    const day = at(MONTHS, date.getUTCMonth()) * at(WEEKDAYS, (date.getUTCDay() + 6) % 7) * jitter;
    return HOURS.map((hour) => hour * day);
  }).flat();
  return clockOf(firstDay * 24, weights);
}

/** One hour alone. */
export function hourClock(now: Date): EventClock {
  return clockOf(Math.floor(now.getTime() / HOUR_MS), [1]);
}

function clockOf(firstHour: number, weights: readonly number[]): EventClock {
  const ends = new Float64Array(weights.length); // whole numbers, so that sums are exact
  let total = 0;
  for (const [place, weight] of weights.entries()) {
    total += weight;
    ends[place] = total;
  }
  let hour = 0;
  return {
    hours: weights.map((_, place) => new Date((firstHour + place) * HOUR_MS).toISOString().slice(0, 14)),
    dayOf: (place) => Math.floor((firstHour + place) / 24),
    at(share) {
      const reached = share * total;
      if (hour > 0 && reached < at(ends, hour - 1)) hour = 0;
      while (reached >= at(ends, hour)) hour++;
      const before = hour === 0 ? 0 : at(ends, hour - 1);
      return { hour, second: Math.floor(((reached - before) / (at(ends, hour) - before)) * 3600) };
    },
  };
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
