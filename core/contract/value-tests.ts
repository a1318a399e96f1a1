/** Tests of the values that JavaScript keeps as text. */
import type { LakeType } from './plan.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a real day of the years 0001 to 9999, as `YYYY-MM-DD`. */
export function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 10) return false;
  const found = DATE.exec(value);
  if (found === null) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return year >= 1 && day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) + leapDay;
}

/** True for `YYYY-MM-DDTHH:MM:SS.mmmZ` of a real day. */
export function isTimestamp(value: unknown): boolean {
  return typeof value === 'string' && TIMESTAMP.test(value) && isDate(value.slice(0, 10));
}

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
