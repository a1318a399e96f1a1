/**
 * What the generator needs to know of all bookings together, fitted to the public file and rounded.
 *
 * Effects are logits: each list has one for each step of what it is about, the first step being the base.
 */

/** Bookings of each trip type in 10,000. */
export const TRIP_TYPES = { RoundTrip: 9897, OneWay: 80, CircleTrip: 23 } as const;

/** Flights of each weekday in 1,000. */
export const FLIGHT_DAYS = { Mon: 161, Tue: 155, Wed: 154, Thu: 148, Fri: 136, Sat: 115, Sun: 131 } as const;

/** Flights that leave in each hour of the day, 0 to 23, in 1,000. */
export const FLIGHT_HOURS = [
  31, 41, 53, 52, 57, 58, 60, 63, 63, 63, 62, 63, 63, 61, 57, 45, 31, 17, 9, 6, 6, 8, 11, 20,
] as const;

/** Stays of 0, 1, … 6 days, of 1,000 that are that short; the file has none of 7 to 16 days. */
export const SHORT_STAYS = [1, 11, 35, 115, 230, 294, 314] as const;

/** The shares to which the quantiles below belong. */
export const QUANTILE_SHARES = [...Array.from({ length: 40 }, (_, step) => step / 40), 0.99, 0.995, 0.999, 1];

/** Quantiles of the other stays, in days. */
export const LONG_STAYS = [
  17, 17, 17, 18, 18, 18, 19, 20, 20, 20, 21, 21, 22, 22, 23, 24, 25, 26, 27, 27, 28, 29, 29, 30, 31, 32, 34, 36, 37,
  40, 43, 47, 52, 58, 62, 72, 83, 88, 93, 148, 208, 304, 365, 778,
] as const;

/** Quantiles of the days from booking to departure, with one, two and more passengers. */
export const LEADS = [
  [
    0, 1, 3, 4, 6, 8, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 30, 32, 35, 38, 41, 44, 48, 51, 55, 59, 64, 69, 74, 81, 88,
    97, 108, 120, 133, 152, 175, 207, 241, 297, 356, 397, 457, 704,
  ],
  [
    0, 4, 7, 11, 13, 17, 19, 22, 25, 28, 31, 35, 38, 41, 45, 48, 52, 57, 61, 66, 71, 76, 82, 88, 94, 102, 110, 119, 128,
    138, 150, 163, 178, 193, 210, 228, 249, 277, 313, 359, 403, 433, 521, 650,
  ],
  [
    0, 6, 10, 14, 18, 21, 24, 29, 33, 38, 42, 46, 50, 54, 58, 63, 68, 73, 78, 84, 90, 97, 104, 112, 120, 128, 138, 147,
    159, 173, 184, 197, 210, 225, 241, 258, 280, 301, 334, 379, 419, 450, 514, 867,
  ],
] as const;

/** Last day of each step of a lead time and of a stay; passengers have the steps 1, 2, 3, 4 and more. */
export const LEAD_STEPS = [2, 8, 17, 26, 51, 96, 223, 1000] as const;
export const STAY_STEPS = [3, 5, 6, 20, 45, 60, 90, 1000] as const;

export const SHORT_STAY = { base: -0.13, mobile: 0.43, passengers: [0, 0.29, 0.38, 0.49, 0.82] } as const;

export const BAGGAGE = {
  base: -0.56,
  mobile: -0.19,
  passengers: [0, 0.68, 1.01, 1.33, 1.38],
  stay: [0, 0.44, 0.71, 1.47, 1.77, 2.04, 2.26, 2.23],
} as const;

/** `hour`: for each hour that the flight lasts beyond seven. */
export const SEAT = {
  base: -1.81,
  mobile: 0.35,
  passengers: [0, 0.19, 0.15, 0.16, -0.03],
  baggage: 1.07,
  hour: 0.11,
} as const;
export const MEALS = {
  base: -1.3,
  mobile: -0.1,
  passengers: [0, -0.08, 0.12, 0.18, 0.15],
  baggage: 0.73,
  seat: 1.27,
  hour: 0.17,
} as const;

export const COMPLETION = {
  base: -2.18,
  mobile: -0.67,
  /** Of a one-way or a circle trip. */
  notRoundTrip: -0.75,
  passengers: [0, -0.02, -0.14, -0.33, -0.26],
  stay: [0, 0.05, 0.07, -0.27, -0.42, -0.62, -0.4, -0.66],
  lead: [0, 0.19, 0.19, 0.0, 0.16, 0.09, 0.03, -0.19],
  baggage: 0.46,
  seat: 0.31,
  meals: 0.25,
} as const;
