/**
 * Milliseconds that an answer asks to wait by its header `Retry-After`: seconds, or a date (RFC 9110, 10.2.3); undefined where
 * it asks for none that can be read.
 */
export function askedWait(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,10}\s*$/.test(header)) return Number(header) * 1000;
  const date = /^[A-Z][a-z]{2,8}, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

const FIRST_MS = 500;
const MOST_MS = 30_000;

/**
 * Milliseconds to wait after a failed attempt where the API asks for none: twice as long each time, half of it by chance, so
 * that many callers do not come back at once.
 *
 * @param attempt from 1.
 * @param chance from 0 to 1.
 */
export function ownWait(attempt: number, chance: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1));
  return most / 2 + (most / 2) * chance;
}
