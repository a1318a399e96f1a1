import type { Filter } from '../core/dashboards/types.ts';
import type { Reader } from './chart.ts';
import { type Html, html } from './html.ts';
import type { LakeFacts } from './lake-facts.ts';
import { addressOf, type PageAddress } from './page-address.ts';

const MOST_CHIPS = 12;
const LONGEST = 60;

/** A form that works without a script: what it sends is the address of the page. */
export function renderFilters(
  { set, texts, language, format }: Reader,
  address: PageAddress,
  { options }: LakeFacts,
): Html {
  const { selection, saysLanguage, theme, dashboard } = address;
  return html`<form class="filters" action="/${dashboard}" method="get" aria-label="${texts.filters}">
${set.filters.map((filter) => (filter.kind === 'days' ? dayFields(filter) : choices(filter)))}
${saysLanguage ? html`<input type="hidden" name="lang" value="${language}">` : undefined}${theme === 'auto' ? undefined : html`<input type="hidden" name="theme" value="${theme}">`}
<button type="submit">${texts.apply}</button>
</form>`;

  function choices({ id, label }: Filter): Html {
    const chosen = selection[id] ?? [];
    const said =
      chosen.length === 0 ? texts.all : chosen.length === 1 ? format.value(short(chosen[0]), 'text') : chosen.length;
    return html`<details class="choice"><summary>${label[language]}${texts.colon}<strong>${said}</strong></summary><fieldset><legend class="unseen">${label[language]}</legend>${(
      options[id] ?? []
    ).map(
      (value) =>
        html`<label><input type="checkbox" name="${id}" value="${value}"${chosen.includes(value) ? html` checked` : undefined}> ${format.value(value, 'text')}</label>`,
    )}</fieldset></details>`;
  }

  function dayFields({ id, label }: Filter): Html {
    const [first = '', last = ''] = selection[id] ?? [];
    return html`<div class="days"><label>${label[language]} ${texts.from} <input type="date" name="from" value="${first}"></label> <label>${texts.to} <input type="date" name="to" value="${last}"></label></div>`;
  }
}

/** What is chosen, each with a link that takes it away. */
export function renderChosen({ set, texts, language, format }: Reader, address: PageAddress): Html {
  const { selection } = address;
  const chips = set.filters.flatMap(({ id, kind, label }) => {
    const values = selection[id] ?? [];
    if (kind === 'days') {
      const said = [texts.from, texts.to].flatMap((word, at) =>
        values[at] ? [`${word} ${format.value(values[at], 'day')}`] : [],
      );
      return said.length === 0 ? [] : [{ said: `${label[language]} ${said.join(' ')}`, change: { [id]: [] } }];
    }
    return values.map((value) => ({
      said: `${label[language]}${texts.colon}${format.value(short(value), 'text')}`,
      change: { [id]: values.filter((other) => other !== value) },
    }));
  });
  if (chips.length === 0) return html`<p class="chosen">${texts.noFilter}</p>`;
  const without = (change: Readonly<Record<string, readonly string[]>>) =>
    addressOf(set, address, { selection: { ...selection, ...change } });
  return html`<p class="chosen">${texts.chosen} ${chips.slice(0, MOST_CHIPS).map(({ said, change }) => html`<a class="chip" href="${without(change)}" aria-label="${texts.remove} ${said}">${said} <span aria-hidden="true">×</span></a> `)}${chips.length > MOST_CHIPS ? `+ ${chips.length - MOST_CHIPS} ` : ''}<a href="${addressOf(set, address, { selection: {} })}">${texts.clear}</a></p>`;
}

function short(text = ''): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
