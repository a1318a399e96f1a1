/** Tests of the values that JavaScript keeps as text. */
import type { LakeType } from './plan.ts';

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a real day of the years 0001 to 9999, as `YYYY-MM-DD`. */
export function isDate(value: unknown): boolean {
  return typeof value === 'string' && value.length === 10 && beginsWithDate(value);
}

/** True for `YYYY-MM-DDTHH:MM:SS.mmmZ` of a real day. */
export function isTimestamp(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 24 || !beginsWithDate(value)) return false;
  if (value[10] !== 'T' || value[13] !== ':' || value[16] !== ':' || value[19] !== '.' || value[23] !== 'Z')
    return false;
  const [hour, minute, second] = [twoDigits(value, 11), twoDigits(value, 14), twoDigits(value, 17)];
  return hour < 24 && minute < 60 && second < 60 && twoDigits(value, 20) < 100 && digit(value, 22) < 10;
}

/** Read digit by digit: several times as fast as a regular expression, and every row has a time. */
function beginsWithDate(text: string): boolean {
  if (text[4] !== '-' || text[7] !== '-') return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return false;
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day <= (MONTH_DAYS[month - 1] as number) + leapDay;
}

/** The number of two digits, or one far beyond any that a part of a time can be. */
function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : NOT_A_DIGIT;
}

const NOT_A_DIGIT = 1_000_000;

/** Matches the one way in which a decimal is written: all decimals, no `+`, no leading zero, no negative zero. */
export function decimalPattern({ precision, scale }: Extract<LakeType, { kind: 'decimal' }>): string {
  const whole = precision - scale;
  const integer = whole === 0 ? '0' : `(?:0|[1-9][0-9]{0,${whole - 1}})`;
  const fraction = scale === 0 ? '' : `\\.[0-9]{${scale}}`;
  return `^(?!-0(?:\\.0*)?$)-?${integer}${fraction}$`;
}

/** A decimal's text as a whole number of its last digit: `'12.30'` at scale 2 is 1230. */
export function unscaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
}
