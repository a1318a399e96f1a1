import type { Kpi } from '../core/dashboards/types.ts';
import type { Reader } from './chart.ts';
import { type Html, html } from './html.ts';
import { shownNumber, shownValue, type VisualRow } from './visual-rows.ts';

/** One number, its sample and interval, and how it compares with the complete period before. */
export function renderKpi(visual: Kpi, rows: readonly VisualRow[], reader: Reader): Html {
  const { comparison, value } = visual;
  const period = (name: string) => rows.find(({ values }) => comparison && values[comparison.period] === name);
  const row = comparison === undefined ? rows[0] : period('current');
  if (row === undefined) return html`<p class="kpi">–</p>`;
  const before = period('previous');
  return html`<p class="kpi${row.isFaded ? ' faded' : ''}">${reader.format.value(shownValue(row, value), value.format)}</p>
${measured(visual, row, reader)}${comparison === undefined ? undefined : compared(visual, comparison, row, before, reader)}`;
}

function measured({ interval, value }: Kpi, row: VisualRow, { format }: Reader): Html | undefined {
  if (row.sample === undefined) return undefined;
  const bounds = interval === undefined || row.isHidden ? [] : [interval.low, interval.high];
  const [low, high] = bounds.map((column) => format.value(row.values[column], value.format));
  const between = low === undefined || high === undefined ? '' : `${low} – ${high}, `;
  return html`<p class="note">${between}n = ${format.value(row.sample, 'count')}</p>`;
}

function compared(
  { value }: Kpi,
  { covered, first, last, goodWhen }: NonNullable<Kpi['comparison']>,
  row: VisualRow,
  before: VisualRow | undefined,
  { format, texts }: Reader,
): Html {
  const days = (one: VisualRow) =>
    `${format.value(one.values[first], 'day')} – ${format.value(one.values[last], 'day')}`;
  const [now, then] = [shownNumber(row, value), before && shownNumber(before, value)];
  const isComparable = before?.values[covered] === true && now !== undefined && then !== undefined;
  if (!isComparable || (value.format !== 'rate' && then === 0))
    return html`<p class="note">${days(row)}</p><p class="note">${texts.notComparable}</p>`;
  const change = value.format === 'rate' ? now - then : (now - then) / then;
  const said = value.format === 'rate' ? format.value(change, 'points') : format.percent(change);
  const mark = change === 0 ? '' : change > 0 === (goodWhen === 'higher') ? 'good' : 'bad';
  const arrow = change === 0 ? '=' : change > 0 ? '▲' : '▼';
  return html`<p class="note">${days(row)}</p>
<p class="change ${mark}"><span aria-hidden="true">${arrow}</span> ${said}</p>
<p class="note">${texts.before}${texts.colon}${format.value(then, value.format)}, ${days(before)}</p>`;
}
