import { UsageError } from './exit-status.ts';

/** Days (`2026-01-31`, UTC), both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Reads two days or months; a month means its first day as `from` and its last as `to`. Throws `UsageError`. */
export function dayRange(from: string, to: string): DayRange {
  const range = { from: dayOf('--from', from, 1), to: dayOf('--to', to, 31) };
  if (range.from > range.to) throw new UsageError(`--from ${from} is after --to ${to}, expected the earlier one first`);
  return range;
}

/** @param dayOfMonth which day a month means; the last one of a month that is shorter. */
function dayOf(option: string, text: string, dayOfMonth: number): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (year === undefined || month === undefined)
    throw new UsageError(`${option} is '${text}', expected a day as 2026-01-31 or a month as 2026-01`);
  const days = daysIn(Number(year), Number(month));
  if (days === 0) throw new UsageError(`${option} is ${text}: there is no such month, expected 01 to 12`);
  if (day === undefined) return `${text}-${String(Math.min(dayOfMonth, days)).padStart(2, '0')}`;
  if (Number(day) < 1 || Number(day) > days)
    throw new UsageError(`${option} is ${text}: there is no such day, ${year}-${month} has ${days}`);
  return text;
}

/** 0 for a month that there is not. */
function daysIn(year: number, month: number): number {
  return month < 1 || month > 12 ? 0 : new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
