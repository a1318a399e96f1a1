/** What every form of a report states of itself: scope, freshness, number of rows, and the SQL behind it. */

import type { AnswerValue } from '../../core/answers/answer-value.ts';
import type { CalendarPeriod } from '../../core/dashboards/calendar-period.ts';
import type { Format, Language } from '../../core/dashboards/types.ts';
import { ValueFormat } from '../format-value.ts';
import { pageTexts } from '../page-texts.ts';
import type { Report } from './gather-report.ts';
import { reportTexts } from './report-texts.ts';

export interface Fact {
  readonly label: string;
  readonly value: AnswerValue;
  readonly format: Format;
}

/** Facts in the order in which they are read. */
export function aboutReport(report: Report): readonly Fact[] {
  const { dashboard, language, period, before, facts, version, now } = report;
  const texts = reportTexts(language);
  const text = (label: string, value: string): Fact => ({ label, value, format: 'text' });
  const count = (label: string, value: number): Fact => ({ label, value, format: 'count' });
  const instant = (label: string, value: string | null): Fact => ({ label, value, format: 'instant' });
  return [
    text(texts.report, dashboard.title[language]),
    text(texts.audience, dashboard.audience[language]),
    text(texts.period, period === undefined ? texts.allDays : periodName(period, language)),
    ...(before === undefined ? [] : [text(texts.compared, periodName(before, language))]),
    text(texts.filters, chosen(report).join('; ') || texts.noFilters),
    count(texts.rowsShown, facts.chosen),
    count(texts.rowsSimulated, facts.simulated),
    count(texts.rowsUndated, facts.withoutTime),
    count(texts.rowsInAll, facts.bookings),
    instant(texts.ingested, facts.lastIngested),
    instant(texts.lastBooked, facts.lastBooked),
    text(texts.version, String(version ?? '–')),
    ...(facts.model === undefined
      ? []
      : [text(texts.model, facts.model.version), instant(texts.scored, facts.model.scoredAt)]),
    instant(texts.made, now.toISOString().slice(0, 19).replace('T', ' ')),
  ];
}

/** What a reader must know before believing the figures; none where there is nothing of the kind. */
export function warningsOf({ set, language, period, isWhole, facts, now }: Report): readonly string[] {
  const [page, texts] = [pageTexts(language), reportTexts(language)];
  const age = facts.lastIngested === null ? 0 : now.getTime() - Date.parse(`${facts.lastIngested.replace(' ', 'T')}Z`);
  return [
    ...(facts.chosen === 0 ? [period === undefined ? page.nothing : texts.emptyPeriod] : []),
    ...(isWhole ? [] : [texts.notWhole]),
    ...(age > set.staleAfterHours * 3_600_000 ? [`${page.stale} ${set.staleAfterHours} ${page.hours}.`] : []),
    ...(facts.simulated > 0 ? [page.simulatedNote] : []),
  ];
}

/** As `January 2026` or `2025`. */
export function periodName({ kind, first, name }: CalendarPeriod, language: Language): string {
  return kind === 'year' ? name : new ValueFormat(language, {}).value(first, 'month');
}

/** The chosen values, a sentence a filter. The days of the period are said elsewhere. */
function chosen({ set, address, language, period }: Report): string[] {
  const texts = pageTexts(language);
  const format = new ValueFormat(language, set.words);
  return set.filters.flatMap(({ id, kind, label }) => {
    const values = address.selection[id] ?? [];
    if (values.length === 0 || (kind === 'days' && period !== undefined)) return [];
    const said =
      kind === 'values'
        ? values.map((value) => format.value(value, 'text')).join(', ')
        : [texts.from, texts.to]
            .flatMap((word, at) => (values[at] ? `${word} ${format.value(values[at], 'day')}` : []))
            .join(' ');
    return [`${label[language]}${texts.colon}${said}`];
  });
}
