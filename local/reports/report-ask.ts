/** What a report was asked for, understood and checked. */
import {
  type CalendarPeriod,
  calendarPeriod,
  PERIOD_KINDS,
  periodBefore,
  periodOf,
} from '../../core/dashboards/calendar-period.ts';
import { roleOf } from '../../core/dashboards/scheduled-reports.ts';
import { type Dashboard, type DashboardSet, LANGUAGES, type Language } from '../../core/dashboards/types.ts';
import { MOST_VALUES, type PageAddress, readAddress, type SelectionFault } from '../../pages/page-address.ts';
import type { ReportAsk } from '../../pages/reports/gather-report.ts';
import { UsageError } from '../exit-status.ts';

export interface ReportRequest {
  readonly role: string;
  readonly period?: string;
  readonly month?: string;
  readonly year?: string;
  /** `name=value`, as in the address of a page: `channel=Mobile`, `from=2026-01-01`. */
  readonly filter?: readonly string[];
  readonly language?: string;
  /** Only this visual. */
  readonly visual?: string;
}

/** Throws a `UsageError` of one sentence for what cannot be understood. */
export function reportAsk(set: DashboardSet, request: ReportRequest, now: Date): ReportAsk {
  const language = LANGUAGES.find((one) => one === (request.language ?? 'en'));
  if (language === undefined)
    throw new UsageError(`there is no language '${request.language}', expected one of ${LANGUAGES.join(', ')}`);
  const period = periodAsked(request, now);
  return {
    dashboard: onlyVisual(dashboardOf(set, request.role), request.visual),
    language,
    period,
    address: addressAsked(set, request.filter ?? [], language, period),
  };
}

function dashboardOf({ dashboards }: DashboardSet, role: string): Dashboard {
  const dashboard = dashboards.find((one) => roleOf(one) === role);
  if (dashboard !== undefined) return dashboard;
  throw new UsageError(`there is no role '${role}', expected one of ${dashboards.map(roleOf).join(', ')}`);
}

function onlyVisual(dashboard: Dashboard, id: string | undefined): Dashboard {
  if (id === undefined) return dashboard;
  const ids = dashboard.sheets.flatMap(({ visuals }) => visuals.map((visual) => visual.id));
  if (!ids.includes(id))
    throw new UsageError(`the report of ${roleOf(dashboard)} has no visual '${id}', expected one of ${ids.join(', ')}`);
  const sheets = dashboard.sheets.map((sheet) => ({ ...sheet, visuals: sheet.visuals.filter((one) => one.id === id) }));
  return { ...dashboard, sheets: sheets.filter(({ visuals }) => visuals.length > 0) };
}

/** A kind alone is the last whole period of it. */
function periodAsked({ period, month, year }: ReportRequest, now: Date): CalendarPeriod | undefined {
  const kind = PERIOD_KINDS.find((one) => one === (period ?? (month && 'month') ?? (year && 'year')));
  if (period !== undefined && kind === undefined)
    throw new UsageError(`there is no period '${period}', expected one of ${PERIOD_KINDS.join(', ')}`);
  if (month !== undefined && year !== undefined) throw new UsageError('give one of --month and --year');
  if ((kind === 'year' && month !== undefined) || (kind === 'month' && year !== undefined))
    throw new UsageError(`--period ${kind} takes --${kind}, found --${kind === 'year' ? 'month' : 'year'}`);
  if (kind === undefined) return undefined;
  const name = month ?? year;
  if (name === undefined) return periodBefore(periodOf(kind, now));
  const asked = understood(() => calendarPeriod(kind, name));
  if (asked.first > now.toISOString().slice(0, 10)) throw new UsageError(`the ${kind} ${name} has not begun yet`);
  return asked;
}

function understood<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const FAULTS: Readonly<Record<SelectionFault, string>> = {
  swapped: 'the first day of the filter is after the last',
  noDay: 'a day of the filter is none of the calendar, expected one as 2026-01-31',
  tooMany: `more values are chosen than a filter takes, at most ${MOST_VALUES}`,
};

const DAYS = ['from', 'to'];

function addressAsked(
  set: DashboardSet,
  filters: readonly string[],
  language: Language,
  period: CalendarPeriod | undefined,
): PageAddress {
  const names = set.filters.flatMap(({ id, kind }) => (kind === 'days' ? DAYS : [id]));
  const url = new URL('http://report/');
  for (const text of filters) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    if (!names.includes(name))
      throw new UsageError(`found --filter ${text.slice(0, 60)}, expected name=value with one of ${names.join(', ')}`);
    if (DAYS.includes(name) && period !== undefined)
      throw new UsageError(`a report on a ${period.kind} has its days already: leave out --filter ${name}`);
    url.searchParams.append(name, text.slice(at + 1));
  }
  url.searchParams.set('lang', language);
  const address = readAddress(set, url);
  const [fault] = address.faults;
  if (fault !== undefined) throw new UsageError(FAULTS[fault]);
  return address;
}
