import type { AnswerValue } from '../core/answers/answer-value.ts';
import type { Field, Pivot } from '../core/dashboards/types.ts';
import type { Reader } from './chart.ts';
import { type Html, html } from './html.ts';
import { type PivotCell, type PivotGroup, type PivotLine, pivotTable } from './pivot-lines.ts';
import type { VisualRow } from './visual-rows.ts';

/** Rows by columns with totals, each rate beside its number of bookings. */
export function renderPivot(visual: Pivot, rows: readonly VisualRow[], reader: Reader): Html {
  const { set, texts, language } = reader;
  const { columns, groups, total } = pivotTable(set, visual, rows);
  const said = [
    visual.value.label[language],
    ...(visual.sample === undefined ? [] : [texts.beside]),
    ...(visual.top === undefined ? [] : [texts.totalsShown]),
  ].join(', ');
  const cells = ({ cells: own, total: sum }: PivotLine) =>
    html`${own.map((cell) => shown(cell, '', visual, reader))}${shown(sum, 'sum', visual, reader)}`;
  return html`<div class="scroll tall" role="region" tabindex="0" aria-label="${visual.title[language]}"><table class="pivot">
<caption><span>${said}</span></caption>
<thead><tr>${visual.rows.map(({ label }, at) => html`<th scope="col" rowspan="2" class="${edge(at)}">${label[language]}</th>`)}<th scope="colgroup" colspan="${columns.length}" class="over">${visual.columns.label[language]}</th><th scope="col" rowspan="2" class="number">${texts.total}</th></tr>
<tr>${columns.map((key) => html`<th scope="col" class="number">${name(key, visual.columns, reader)}</th>`)}</tr></thead>
${groups.map((group) => html`<tbody>${linesOf(group, visual, reader, cells)}</tbody>`)}
<tfoot><tr><th scope="row" class="edge" colspan="${visual.rows.length}">${texts.total}</th>${cells(total)}</tr></tfoot></table></div>`;
}

/** The outermost names stand at the edge of the card. */
function edge(at: number): string {
  return at === 0 ? 'edge' : '';
}

/** The key of the outer rows stands once, beside all its lines. */
function linesOf(
  { lines, subtotal }: PivotGroup,
  { rows: [outer, inner] }: Pivot,
  reader: Reader,
  cells: (line: PivotLine) => Html,
): Html[] {
  const height = lines.length + (subtotal === undefined ? 0 : 1);
  const rows = lines.map((line, at) => {
    const [first = null, second = null] = line.keys;
    if (inner === undefined)
      return html`<tr><th scope="row" class="edge">${name(first, outer, reader)}</th>${cells(line)}</tr>`;
    const above =
      at === 0
        ? html`<th scope="rowgroup" class="edge" rowspan="${height}">${name(first, outer, reader)}</th>`
        : undefined;
    return html`<tr>${above}<th scope="row">${name(second, inner, reader)}</th>${cells(line)}</tr>`;
  });
  const sum =
    subtotal === undefined
      ? []
      : [html`<tr class="subtotal"><th scope="row">${reader.texts.total}</th>${cells(subtotal)}</tr>`];
  return [...rows, ...sum];
}

function shown({ value, sample, isFaded, isHidden }: PivotCell, mark: string, visual: Pivot, reader: Reader): Html {
  const { format, set } = reader;
  const text = isHidden ? `< ${set.samples.hidden}` : format.value(value, visual.value.format);
  const behind = sample === undefined || isHidden ? undefined : html`<small>${format.value(sample, 'count')}</small>`;
  return html`<td class="${['number', mark, isFaded ? 'faded' : ''].filter((one) => one !== '').join(' ')}">${text}${behind}</td>`;
}

function name(key: AnswerValue, { format }: Field, reader: Reader): string {
  return reader.format.value(key, format);
}
