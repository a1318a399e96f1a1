import { expect, test } from 'vitest';
import { roleOf } from '../../core/dashboards/scheduled-reports.ts';
import { bookingDashboards as set } from '../../datasets/bookings/dashboards.ts';
import { UsageError } from '../exit-status.ts';
import { type ReportRequest, reportAsk } from './report-ask.ts';

const NOW = new Date('2026-11-21T07:00:00.000Z');

test('every dashboard has a role of its own', () => {
  const roles = set.dashboards.map(roleOf);
  expect(new Set(roles).size).toBe(roles.length);
  expect(roles).toEqual(expect.arrayContaining(['marketing', 'direction', 'analysts']));
});

test('without a month or a year, the last one that is over is meant', () => {
  const periodOf = (period: string) => reportAsk(set, { role: 'marketing', period }, NOW).period?.name;
  expect([periodOf('month'), periodOf('year')]).toEqual(['2026-10', '2025']);
});

const REFUSED: readonly (readonly [string, ReportRequest, string])[] = [
  ['an unknown role', { role: 'boss' }, "there is no role 'boss', expected one of marketing, direction, analysts"],
  ['an unknown language', { role: 'direction', language: 'de' }, "there is no language 'de', expected one of en, fr"],
  [
    'an unknown period',
    { role: 'direction', period: 'week' },
    "there is no period 'week', expected one of month, year",
  ],
  [
    'a month that is none',
    { role: 'direction', month: '2026-13' },
    "found the month '2026-13', expected one as 2026-01",
  ],
  ['SQL for a year', { role: 'direction', year: "2025' or 1=1" }, 'expected one as 2025'],
  ['a month and a year', { role: 'direction', month: '2026-01', year: '2025' }, 'give one of --month and --year'],
  [
    'a period of another kind',
    { role: 'direction', period: 'month', year: '2025' },
    '--period month takes --month, found --year',
  ],
  ['a month to come', { role: 'direction', month: '2027-01' }, 'the month 2027-01 has not begun yet'],
  [
    'an unknown filter',
    { role: 'direction', filter: ['price=1'] },
    'expected name=value with one of channel, trip, origin, from, to',
  ],
  ['days beside a month', { role: 'direction', month: '2026-01', filter: ['from=2026-01-02'] }, 'has its days already'],
  [
    'swapped days',
    { role: 'direction', filter: ['from=2026-02-01', 'to=2026-01-01'] },
    'the first day of the filter is after the last',
  ],
  ['a day that is none', { role: 'direction', filter: ['from=2026-02-30'] }, 'none of the calendar'],
  [
    '10,000 values',
    { role: 'direction', filter: Array.from({ length: 10_000 }, (_, at) => `origin=${at}`) },
    'more values are chosen than a filter takes',
  ],
  ['an unknown visual', { role: 'direction', visual: 'x' }, "the report of direction has no visual 'x'"],
];

test.each(REFUSED)('fails in one sentence for %s', (_, request, sentence) => {
  const message = refusalOf(request);
  expect(message).toContain(sentence);
  expect(message).not.toMatch(/\n|\. [A-Z]/);
});

function refusalOf(request: ReportRequest): string {
  try {
    reportAsk(set, request, NOW);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was understood');
}
