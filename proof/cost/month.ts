/** A month is 30 days here, as in AWS's own examples of a daily run. */
export const DAYS = 30;
export const HOURS = DAYS * 24;
export const MINUTES = HOURS * 60;

/** AWS charges a GB as 2^30 bytes. */
export const GB = 2 ** 30;
export const MIB = 2 ** 20;

/**
 * Runs in a month of a schedule as AWS writes it: `rate(2 hours)`, `cron(30 3 * * ? *)`. Throws where it is neither.
 */
export function runsPerMonth(schedule: string): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  if (rate !== null) return MINUTES / (Number(rate[1]) * MINUTES_OF[rate[2] as keyof typeof MINUTES_OF]);
  const fields = /^cron\((.+)\)$/.exec(schedule)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) {
    throw new Error(`schedule '${schedule}' is not understood, expected rate(...) or cron(...) of six fields`);
  }
  const [minutes = '', hours = '', monthDays = '', months = '', weekDays = ''] = fields;
  const days = isEvery(weekDays) ? matching(monthDays, 1, 30) : (matching(weekDays, 1, 7) / 7) * DAYS;
  return (matching(minutes, 0, 59) * matching(hours, 0, 23) * days * matching(months, 1, 12)) / 12;
}

const MINUTES_OF = { minute: 1, hour: 60, day: 1440 } as const;
const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function isEvery(field: string): boolean {
  return field === '*' || field === '?';
}

/** How many values from `least` to `most` a field of a cron schedule takes. */
function matching(field: string, least: number, most: number): number {
  const taken = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from, to] = isEvery(range) ? [least, most] : bounds(range, part.includes('/') ? most : undefined);
    for (let value = from; value <= to; value += Number(step)) taken.add(value);
  }
  return taken.size;
}

function bounds(range: string, end: number | undefined): [number, number] {
  const [from = '', to] = range.split('-');
  const first = dayNumber(from);
  return [first, to === undefined ? (end ?? first) : dayNumber(to)];
}

function dayNumber(text: string): number {
  const name = NAMES.indexOf(text.toUpperCase());
  if (name >= 0) return name + 1;
  // `L` and `3#2` name a single day.
  return /^\d+$/.test(text) ? Number(text) : 1;
}
