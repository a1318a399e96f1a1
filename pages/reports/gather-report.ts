import { type CalendarPeriod, periodBefore } from '../../core/dashboards/calendar-period.ts';
import type { ComparedPeriods } from '../../core/dashboards/compared-periods.ts';
import {
  type Dashboard,
  type DashboardSet,
  fieldsOf,
  type Language,
  type Visual,
} from '../../core/dashboards/types.ts';
import { comparesPeriods, readsTable, type Selection } from '../../core/dashboards/visual-sql.ts';
import { answerVisual, type VisualAnswer } from '../answer-visual.ts';
import { askLake } from '../ask-lake.ts';
import { type LakeFacts, lakeFacts } from '../lake-facts.ts';
import type { LakeState } from '../lake-state.ts';
import type { PageAddress } from '../page-address.ts';

/** What a report was asked for. */
export interface ReportAsk {
  readonly dashboard: Dashboard;
  readonly language: Language;
  readonly period: CalendarPeriod | undefined;
  /** What was chosen by filters, without the period. */
  readonly address: PageAddress;
}

export interface ReportedVisual {
  readonly visual: Visual;
  readonly answer: VisualAnswer;
  /** Whether it shows all months, also those outside the period. */
  readonly isOverall: boolean;
}

export interface ReportedSheet {
  readonly id: string;
  readonly title: Dashboard['title'];
  readonly visuals: readonly ReportedVisual[];
}

/** What a report says, before it takes any form. */
export interface Report {
  readonly set: DashboardSet;
  readonly dashboard: Dashboard;
  readonly language: Language;
  readonly period: CalendarPeriod | undefined;
  /** Whether the bookings begin before the period and go on after it; only then it is compared. */
  readonly isWhole: boolean;
  /** Undefined where nothing of the report compares. */
  readonly before: CalendarPeriod | undefined;
  /** What was chosen by filters, the days of the period among it. */
  readonly address: PageAddress;
  readonly facts: LakeFacts;
  readonly version: number | undefined;
  readonly sheets: readonly ReportedSheet[];
  readonly now: Date;
}

/** Asks one state of the lake for all that the report shows. */
export async function gatherReport(set: DashboardSet, ask: ReportAsk, lake: LakeState, now: Date): Promise<Report> {
  const { dashboard, language, period } = ask;
  const selection = withPeriod(set, ask.address.selection, period);
  const facts = await lakeFacts(set, lake, selection);
  const isWhole = period === undefined || (await isCovered(set, lake, period));
  const compared = period && comparedWith(period, isWhole);
  const reported = async (visual: Visual): Promise<readonly ReportedVisual[]> => {
    const isOverall = period !== undefined && fieldsOf(visual).some(({ format }) => format === 'month');
    const isFree = isOverall || (period !== undefined && comparesPeriods(visual, lake.views));
    if (facts.chosen === 0 && readsTable(set, visual, lake.views)) return [];
    const answer = await answerVisual(set, visual, lake, isFree ? ask.address.selection : selection, compared);
    return [{ visual, answer, isOverall }];
  };
  const sheets: ReportedSheet[] = [];
  for (const { id, title, visuals } of dashboard.sheets) {
    const shown: ReportedVisual[] = [];
    for (const visual of visuals) shown.push(...(await reported(visual)));
    if (shown.length > 0) sheets.push({ id, title, visuals: shown });
  }
  const address = { ...ask.address, selection };
  const isCompared =
    isWhole && sheets.some((sheet) => sheet.visuals.some(({ visual }) => comparesPeriods(visual, lake.views)));
  const before = isCompared && period !== undefined ? periodBefore(period) : undefined;
  return { set, dashboard, language, period, isWhole, before, address, facts, version: lake.version, sheets, now };
}

function withPeriod(set: DashboardSet, selection: Selection, period: CalendarPeriod | undefined): Selection {
  if (period === undefined) return selection;
  const days = set.filters.filter(({ kind }) => kind === 'days');
  return { ...selection, ...Object.fromEntries(days.map(({ id }) => [id, [period.first, period.last]])) };
}

function comparedWith(period: CalendarPeriod, isWhole: boolean): ComparedPeriods {
  return { current: period, previous: isWhole ? periodBefore(period) : undefined };
}

async function isCovered(set: DashboardSet, lake: LakeState, { first, last }: CalendarPeriod): Promise<boolean> {
  const days = set.filters.find(({ kind }) => kind === 'days')?.column;
  if (days === undefined) return false;
  const sql = `select min(${days}) <= cast(:first as date) and max(${days}) > cast(:last as date)\nfrom ${set.table}`;
  const { rows } = await askLake(lake, { sql, parameters: { first, last } });
  return rows[0]?.[0] === true;
}
