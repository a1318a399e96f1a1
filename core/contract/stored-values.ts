/** From the texts of a clean row to the numbers that Parquet stores. The texts keep the contract: nothing is checked. */

const DAY_MS = 86_400_000;
/** Above this many milliseconds, as many microseconds are no longer exact as a number. */
const EXACT_MS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Days from 1970-01-01 to a `YYYY-MM-DD`. */
export function daysOf(text: string): number {
  const year = 1000 * digit(text, 0) + 100 * digit(text, 1) + twoDigits(text, 2);
  return daysBefore(year, twoDigits(text, 5)) + twoDigits(text, 8);
}

/** Milliseconds from 1970-01-01 to a `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function millisOf(text: string): number {
  const seconds = (twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17);
  return daysOf(text) * DAY_MS + seconds * 1000 + 100 * digit(text, 20) + twoDigits(text, 21);
}

/** Microseconds from 1970-01-01 to a `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function microsOf(text: string): bigint {
  const millis = millisOf(text);
  return Math.abs(millis) <= EXACT_MS ? BigInt(millis * 1000) : BigInt(millis) * 1000n;
}

/** Days from 1970-01-01 to the last day before a month: the years run from March, so that a leap day ends one. */
function daysBefore(year: number, month: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthsFromMarch = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return 365 * marchYear + leapDays + Math.floor((153 * monthsFromMarch + 2) / 5) - 719_469;
}

function twoDigits(text: string, at: number): number {
  return 10 * digit(text, at) + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}
