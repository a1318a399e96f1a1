/** Reports that AWS makes by the clock, and where it lays them in the bucket of query results. */
import type { CalendarPeriod, PeriodKind } from './calendar-period.ts';
import type { Dashboard, DashboardSet } from './types.ts';

/** Folder of all reports: no workgroup of Athena may bear its name. */
export const REPORTS_PREFIX = 'reports';

/** What a call of the function that makes reports asks for. */
export interface ReportOrder {
  readonly dataset: string;
  readonly role: string;
  readonly kind: PeriodKind;
  /**
   * As `2026-01` or `2025`.
   *
   * @default - the last whole period before `at`
   */
  readonly period?: string;
  /**
   * ISO instant that the report bears as its own.
   *
   * @default - now
   */
  readonly at?: string;
}

/** Those for whom a dashboard is made: the first word of its audience, such as `direction`. */
export function roleOf({ audience }: Dashboard): string {
  return audience.en.toLowerCase().split(/[^a-z]/)[0] ?? '';
}

/** Dashboards that are sent as a report: those made for others than analysts, who open all of them themselves. */
export function reportedDashboards({ dashboards }: DashboardSet): readonly Dashboard[] {
  return dashboards.filter(({ readers = [] }) => readers.length > 0);
}

/** Folder of the reports of a role, which those who read them may open. */
export function roleFolder(dataset: string, role: string): string {
  return `${REPORTS_PREFIX}/${dataset}/${role}`;
}

/** Folder of one report: a period has one, however often it is made. */
export function reportFolder(dataset: string, role: string, { name }: Pick<CalendarPeriod, 'name'>): string {
  return `${roleFolder(dataset, role)}/${name}`;
}
