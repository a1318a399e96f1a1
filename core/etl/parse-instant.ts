const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z| UTC|([+-])(\d{2}):(\d{2}))?$/;
/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z in milliseconds since 1970. */
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

/** The day as `YYYY-MM-DD`, or undefined where the text is no day of the years 1 to 9999. */
export function parseDate(text: string): string | undefined {
  return DATE.test(text) && isDay(text) && !text.startsWith('0000') ? text : undefined;
}

/**
 * The instant in UTC as `YYYY-MM-DDTHH:MM:SS.mmmZ`, or undefined where the text is none of the years 1 to 9999.
 *
 * A text without a zone is read as UTC; what is finer than a millisecond is cut; there are no leap seconds.
 */
export function parseTimestamp(text: string): string | undefined {
  if (CANONICAL.test(text)) {
    return isDay(text) && isTime(text, 11) && !text.startsWith('0000') ? text : undefined;
  }
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, day = '', time = '', fraction = '', sign, hours, minutes] = match;
  if (!isDay(day) || !isTime(time, 0)) return undefined;
  const local = `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  if (sign === undefined) return day.startsWith('0000') ? undefined : local;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const instant = Date.parse(local) - (sign === '-' ? -offset : offset);
  return instant < FIRST || instant > LAST ? undefined : new Date(instant).toISOString();
}

/** Whether a text that starts as `dddd-dd-dd` names a day of the calendar. */
function isDay(text: string): boolean {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2 || day < 29) return day <= (DAYS[month - 1] as number);
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether `dd:dd:dd` at a place of the text is a time of day. */
function isTime(text: string, at: number): boolean {
  return twoDigits(text, at) < 24 && twoDigits(text, at + 3) < 60 && twoDigits(text, at + 6) < 60;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
