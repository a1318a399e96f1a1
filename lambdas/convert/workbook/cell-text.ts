import type { Meaning } from './date-styles.ts';

const DAY_MS = 86_400_000;
/** 9999-12-31, the last day of a spreadsheet, in days since 1899-12-30. */
const LAST_DAY = 2_958_465;
const DAYS_TO_1904 = 1462;
/** Digits before the point that a spreadsheet keeps. */
const EXACT_BELOW = 1e15;

/**
 * The text of a number as a csv would have it, or undefined where it is none: the shortest decimal of the same double,
 * or a day or an instant. A whole number stays as it is written. One in powers of ten that is too large to be exact stays
 * so too: it was an id, and lost its last digits when it was typed in.
 */
export function numberText(written: string, meaning: Meaning, from1904: boolean): string | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(written)) return undefined;
  const value = Number(written);
  if (meaning !== 'number') return dateText(value, meaning, from1904) ?? written;
  if (/^-?\d+$/.test(written)) return written;
  return Math.abs(value) < EXACT_BELOW ? String(value) : written;
}

/**
 * Days since the turn of 1899 to 1900, or of 1904, as `YYYY-MM-DD`, with `Thh:mm:ss` where there is a time. Day 60 is the 29th
 * of February 1900, which was none: spreadsheets took over this fault from Lotus.
 */
export function dateText(serial: number, meaning: 'day' | 'instant', from1904: boolean): string | undefined {
  if (!(serial >= 0)) return undefined;
  const days = Math.floor(serial);
  const time = Math.round((serial - days) * DAY_MS);
  const whole = days + Math.floor(time / DAY_MS);
  if (whole > (from1904 ? LAST_DAY - DAYS_TO_1904 : LAST_DAY)) return undefined;
  const clock = new Date(time % DAY_MS)
    .toISOString()
    .slice(11, 23)
    .replace(/\.000$/, '');
  if (whole === 0 && !from1904) return clock;
  const day = dayText(whole, from1904);
  return meaning === 'day' && time % DAY_MS === 0 ? day : `${day}T${clock}`;
}

function dayText(days: number, from1904: boolean): string {
  if (!from1904 && days === 60) return '1900-02-29';
  const since1899 = from1904 ? days + DAYS_TO_1904 : days < 60 ? days + 1 : days;
  return new Date(Date.UTC(1899, 11, 30) + since1899 * DAY_MS).toISOString().slice(0, 10);
}
