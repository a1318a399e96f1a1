import { type Dashboard, LANGUAGES } from '../core/dashboards/types.ts';
import type { VisualAnswer } from './answer-visual.ts';
import type { Reader } from './chart.ts';
import { type Html, html } from './html.ts';
import type { LakeFacts } from './lake-facts.ts';
import { addressOf, MOST_VALUES, type PageAddress, THEMES } from './page-address.ts';
import { renderChosen, renderFilters } from './render-filters.ts';
import { renderVisual } from './render-visual.ts';

export interface PageState {
  readonly facts: LakeFacts;
  readonly version: number | undefined;
  /** By id of the visual; visuals that the empty state replaces have none. */
  readonly answers: ReadonlyMap<string, VisualAnswer>;
  /** Whether the lake could not be read again after a change. */
  readonly isUnreadable: boolean;
  readonly now: Date;
}

/** One dashboard in one state of the lake. */
export function renderPage(dashboard: Dashboard, address: PageAddress, reader: Reader, state: PageState): string {
  const { language } = reader;
  const { facts, answers } = state;
  const isEmptyLake = facts.bookings === 0;
  const isEmpty = !isEmptyLake && (facts.chosen === 0 || address.faults.length > 0);
  const filled = dashboard.sheets.filter(({ visuals }) => visuals.some(({ id }) => answers.has(id)));
  const sheets = filled.map(
    ({ id, title, visuals }) =>
      html`<section aria-labelledby="sheet-${id}"><h2 id="sheet-${id}">${title[language]}</h2><div class="cards">${visuals.map(
        (visual) => {
          const answer = answers.get(visual.id);
          return answer === undefined ? undefined : renderVisual(visual, answer, reader, address);
        },
      )}</div></section>`,
  );
  return document(
    dashboard.title[language],
    address,
    reader,
    html`<h1>${dashboard.title[language]}</h1>
${isEmptyLake ? emptyLake(reader) : html`${renderFilters(reader, address, facts)}${renderChosen(reader, address)}${banners(reader, state)}${isEmpty ? empty(reader, address) : undefined}`}
${isEmptyLake ? undefined : sheets}
${stated(reader, state)}`,
  );
}

/** A page that says one thing. */
export function renderMessage(message: string, address: PageAddress, reader: Reader): string {
  return document(message, address, reader, html`<h1>${message}</h1>`);
}

function document(title: string, address: PageAddress, reader: Reader, content: Html): string {
  const { set, language, texts } = reader;
  const current = (isCurrent: boolean) => (isCurrent ? html` aria-current="true"` : undefined);
  return `<!doctype html>\n${
    html`<html lang="${language}" data-theme="${address.theme}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} – ${texts.product}</title><link rel="stylesheet" href="/pages.css"></head>
<body><a class="skip" href="#content">${texts.skip}</a>
<header class="top"><p class="product">${texts.product}</p>
<nav aria-label="${texts.dashboards}">${set.dashboards.map(({ id, audience }) => html`<a href="${addressOf(set, address, { dashboard: id })}"${id === address.dashboard ? html` aria-current="page"` : undefined}>${audience[language]}</a>`)}</nav>
<nav class="settings" aria-label="${texts.settings}">${LANGUAGES.map((one) => html`<a href="${addressOf(set, address, { language: one })}" lang="${one}"${current(one === language)}>${one.toUpperCase()}</a>`)}${THEMES.map((one) => html`<a href="${addressOf(set, address, { theme: one })}"${current(one === address.theme)}>${texts[one]}</a>`)}</nav></header>
<main id="content">${content}</main></body></html>`.text
  }\n`;
}

function banners({ set, texts }: Reader, { facts, isUnreadable, now }: PageState): Html {
  const age = facts.lastIngested === null ? 0 : now.getTime() - Date.parse(`${facts.lastIngested.replace(' ', 'T')}Z`);
  const isStale = age > set.staleAfterHours * 3_600_000;
  return html`${isUnreadable ? html`<p class="banner" role="status">${texts.unreadable}</p>` : undefined}${
    isStale
      ? html`<p class="banner" role="status">${texts.stale} ${set.staleAfterHours} ${texts.hours}.</p>`
      : undefined
  }${facts.simulated > 0 ? html`<p class="banner quiet">${texts.simulatedNote}</p>` : undefined}`;
}

function empty({ set, texts }: Reader, address: PageAddress): Html {
  const faults = address.faults.map((fault) =>
    fault === 'tooMany' ? `${texts.tooMany} ${MOST_VALUES}.` : texts[fault],
  );
  return html`<div class="empty"><p><strong>${texts.nothing}</strong> ${faults.join(' ')}</p><p><a href="${addressOf(set, address, { selection: {} })}">${texts.clear}</a></p></div>`;
}

function emptyLake({ texts }: Reader): Html {
  return html`<div class="empty"><p><strong>${texts.emptyLake}</strong> ${texts.emptyLakeHint}</p><pre tabindex="0">npx laketwin run --no-serve --input bookings.csv\nnpx laketwin run --no-serve</pre></div>`;
}

/** Freshness and scope, on every page. */
function stated({ format, texts }: Reader, { facts, version }: PageState): Html {
  const instant = (text: string | null) => (text === null ? '–' : `${format.value(text, 'instant')} UTC`);
  const counts = `${format.value(facts.chosen, 'count')} ${texts.of} ${format.value(facts.bookings, 'count')} ${texts.bookings}`;
  const parts = [
    counts,
    `${texts.ingested} ${instant(facts.lastIngested)}`,
    `${texts.lastBooked} ${instant(facts.lastBooked)}`,
    `${texts.version} ${version ?? '–'}`,
    ...(facts.model === undefined
      ? []
      : [`${texts.model} ${facts.model.version}, ${texts.scored} ${instant(facts.model.scoredAt)}`]),
    ...(facts.withoutTime > 0 ? [`${format.value(facts.withoutTime, 'count')} ${texts.noTimes}`] : []),
  ];
  return html`<footer class="stated">${parts.join(' · ')}</footer>`;
}
