import { expect, test } from 'vitest';
import { calendarPeriod, periodBefore, periodOf } from './calendar-period.ts';

test('a month ends with its last day, also in a leap year', () => {
  expect(calendarPeriod('month', '2024-02')).toMatchObject({ first: '2024-02-01', last: '2024-02-29' });
  expect(calendarPeriod('month', '2026-12')).toMatchObject({ first: '2026-12-01', last: '2026-12-31' });
  expect(calendarPeriod('year', '2025')).toMatchObject({ first: '2025-01-01', last: '2025-12-31' });
});

test('the period before is of the same kind, over the turn of a year', () => {
  expect(periodBefore(calendarPeriod('month', '2026-01')).name).toBe('2025-12');
  expect(periodBefore(calendarPeriod('year', '2026')).name).toBe('2025');
});

test('an instant belongs to the period of its day in UTC', () => {
  expect(periodOf('month', new Date('2026-02-28T23:59:59.999Z')).name).toBe('2026-02');
  expect(periodOf('month', new Date('2026-03-01T00:30:00+01:00')).name).toBe('2026-02');
});

test.each(['2026-00', '2026-13', '2026-1', '26-01', "2026-01'", '', 'january'])('fails for the month %j', (name) => {
  expect(() => calendarPeriod('month', name)).toThrow(`found the month '${name}', expected one as 2026-01`);
});
