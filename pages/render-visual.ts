import { drillOf, type Visual } from '../core/dashboards/types.ts';
import type { VisualAnswer } from './answer-visual.ts';
import { type Chart, chartOf, type Drawn, type Reader } from './chart.ts';
import { drawSvg } from './draw-svg.ts';
import { Html, html } from './html.ts';
import { addressOf, type PageAddress } from './page-address.ts';
import { renderKpi } from './render-kpi.ts';
import { renderPivot } from './render-pivot.ts';
import { renderTable } from './render-table.ts';
import type { VisualRow } from './visual-rows.ts';

/** A visual with its question, its data and its SQL; or what stands in its place. */
export function renderVisual(visual: Visual, answer: VisualAnswer, reader: Reader, address: PageAddress): Html {
  const { language, texts, set } = reader;
  const isAsked = Object.keys(address.selection).length > 0;
  const rows = 'rows' in answer ? answer.rows : [];
  const badge = rows.some(({ isSimulated }) => isSimulated)
    ? html`<span class="badge">${texts.simulated}</span>`
    : undefined;
  const isNested = visual.kind === 'pivot' && visual.rows.length > 1;
  const isWide = isNested || ['line', 'heat map', 'table'].includes(visual.kind);
  const isFaded = rows.some((row) => row.isFaded);
  return html`<article class="card ${visual.kind === 'kpi' ? 'small' : isWide ? 'wide' : ''}" id="${visual.id}" aria-labelledby="${visual.id}-title">
<header><h3 id="${visual.id}-title">${visual.title[language]} ${badge}</h3><p class="question">${visual.question[language]}</p></header>
${body(visual, answer, reader, address)}
${isFaded ? html`<p class="note">${texts.small} ${set.samples.faded}; ${texts.hidden} ${set.samples.hidden}</p>` : undefined}
${isAsked && !answer.isFiltered ? html`<p class="note">${texts.unfiltered}</p>` : undefined}
<footer>${visual.kind === 'table' || rows.length === 0 ? undefined : html`<details><summary>${texts.data}<span class="unseen">: ${visual.title[language]}</span></summary>${renderTable(visual, rows, reader)}</details>`}${behind(visual, answer, reader)}</footer>
</article>`;
}

function body(visual: Visual, answer: VisualAnswer, reader: Reader, address: PageAddress): Html {
  if ('error' in answer)
    return html`<p class="failed" role="alert">${reader.texts.failed}: ${answer.error.slice(0, 300)}</p>`;
  const { rows } = answer;
  if (rows.length === 0) return html`<p class="nothing">${reader.texts.noRows}</p>${advice(visual, reader)}`;
  if (visual.kind === 'kpi') return renderKpi(visual, rows, reader);
  if (visual.kind === 'table') return renderTable(visual, rows, reader);
  if (visual.kind === 'pivot') return renderPivot(visual, rows, reader);
  return drawing(visual, rows, reader, address);
}

/** What to do about the emptiness; what stands between backticks is a command. */
function advice({ whenEmpty }: Visual, { language }: Reader): Html | undefined {
  if (whenEmpty === undefined) return undefined;
  const parts = whenEmpty[language].split('`');
  return html`<p class="note">${parts.map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))}</p>`;
}

function drawing(visual: Drawn, rows: readonly VisualRow[], reader: Reader, address: PageAddress): Html {
  const chart = chartOf(visual, rows, reader);
  const { width, height } = chart;
  const label = `${visual.title[reader.language]}. ${chart.summary}`;
  return html`<div class="drawing"><svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" class="chart">${new Html(drawSvg(chart))}</svg>${links(visual, chart, reader, address)}</div>`;
}

/** Places to click lie over the drawing, since what has the role of an image may hold no links. */
function links(
  visual: Drawn,
  { spots = [], width, height }: Chart,
  { set, texts, format, language }: Reader,
  address: PageAddress,
): Html | undefined {
  const drill = drillOf(visual)?.filter;
  const filter = set.filters.find(({ id }) => id === drill);
  if (filter === undefined) return undefined;
  return html`<svg class="links" role="group" aria-label="${texts.drill} ${filter.label[language]}" viewBox="0 0 ${width} ${height}">${spots.map(
    ({ value, x, y, width: w, height: h }) => {
      const href = addressOf(set, address, { selection: { ...address.selection, [filter.id]: [value] } });
      return html`<a href="${href}" aria-label="${texts.drill} ${format.value(value, 'text')}"><rect x="${x}" y="${y}" width="${w}" height="${h}" rx="4"/></a>`;
    },
  )}</svg>`;
}

function behind({ title }: Visual, { sql, parameters }: VisualAnswer, { language, texts }: Reader): Html {
  const bound = Object.entries(parameters);
  return html`<details><summary>${texts.sql}<span class="unseen">: ${title[language]}</span></summary><pre tabindex="0">${sql}</pre>${
    bound.length === 0
      ? undefined
      : html`<p class="note">${texts.parameters}</p><dl>${bound.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value.slice(0, 100)}</dd></div>`)}</dl>`
  }</details>`;
}
