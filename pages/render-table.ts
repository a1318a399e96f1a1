import { type Field, fieldsOf, type Visual } from '../core/dashboards/types.ts';
import type { Reader } from './chart.ts';
import { type Html, html } from './html.ts';
import { shownValue, type VisualRow } from './visual-rows.ts';

const MOST_ROWS = 400;

/** The rows of a visual as a table, with sample and interval where it has them. */
export function renderTable(visual: Visual, rows: readonly VisualRow[], reader: Reader): Html {
  const { format, texts, language } = reader;
  const fields = [...periodFields(visual), ...fieldsOf(visual)];
  const { interval, sample } = visual;
  const value = fieldsOf(visual).find(({ format: it }) => it === 'rate' || it === 'points');
  const hasSample = sample !== undefined && !fields.some(({ column }) => column === sample);
  const line = (row: VisualRow) =>
    html`<tr class="${row.isFaded ? 'faded' : ''}">${fields.map((field, at) =>
      cell(
        at,
        isNumber(field),
        row.isHidden && shownValue(row, field) === null
          ? `< ${reader.set.samples.hidden}`
          : format.value(shownValue(row, field), field.format),
      ),
    )}${interval === undefined || value === undefined ? undefined : html`<td class="number">${row.isHidden ? '–' : `${format.value(row.values[interval.low], value.format)} – ${format.value(row.values[interval.high], value.format)}`}</td>`}${hasSample ? html`<td class="number">${format.value(row.sample, 'count')}</td>` : undefined}</tr>`;
  const more = rows.length - MOST_ROWS;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${visual.title[language]}"><table>
<thead><tr>${fields.map((field) => html`<th scope="col" class="${isNumber(field) ? 'number' : ''}">${field.label[language]}</th>`)}${
    interval === undefined || value === undefined
      ? undefined
      : html`<th scope="col" class="number">${texts.interval}</th>`
  }${hasSample ? html`<th scope="col" class="number">${texts.sample}</th>` : undefined}</tr></thead>
<tbody>${rows.slice(0, MOST_ROWS).map(line)}</tbody></table></div>${more > 0 ? html`<p class="note">${format.value(more, 'count')} ${texts.moreRows}</p>` : undefined}`;
}

function periodFields(visual: Visual): Field[] {
  if (visual.kind !== 'kpi' || visual.comparison === undefined) return [];
  return [
    { column: visual.comparison.first, label: { en: 'From', fr: 'Du' }, format: 'day' },
    { column: visual.comparison.last, label: { en: 'To', fr: 'Au' }, format: 'day' },
  ];
}

function cell(at: number, isNumeric: boolean, text: string): Html {
  if (at === 0) return html`<th scope="row">${text}</th>`;
  return html`<td class="${isNumeric ? 'number' : ''}">${text}</td>`;
}

function isNumber({ format }: Field): boolean {
  return ['count', 'number', 'index', 'rate', 'points', 'hours'].includes(format);
}
