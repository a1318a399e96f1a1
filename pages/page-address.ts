/** What the address of a page chooses, and the address of a choice. */
import { type DashboardSet, LANGUAGES, type Language } from '../core/dashboards/types.ts';
import type { Selection } from '../core/dashboards/visual-sql.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Most values that one filter takes. */
export const MOST_VALUES = 100;

export type SelectionFault = 'swapped' | 'noDay' | 'tooMany';

export interface PageAddress {
  readonly dashboard: string;
  readonly language: Language;
  /** Whether the address says the language, or the reader's browser. */
  readonly saysLanguage: boolean;
  readonly theme: Theme;
  readonly selection: Selection;
  /** Why nothing can match. */
  readonly faults: readonly SelectionFault[];
}

/** Reads an address. What is not understood chooses nothing, or is a fault. */
export function readAddress(set: DashboardSet, url: URL, acceptLanguage = ''): PageAddress {
  const query = url.searchParams;
  const asked = LANGUAGES.find((language) => language === query.get('lang'));
  const faults = new Set<SelectionFault>();
  const selection: Record<string, readonly string[]> = {};
  for (const { id, kind } of set.filters) {
    const values =
      kind === 'days' ? days(query, faults) : [...new Set(query.getAll(id))].filter((value) => value !== '');
    if (kind === 'values' && values.length > MOST_VALUES) faults.add('tooMany');
    if (values.some((value) => value !== '')) selection[id] = values.slice(0, MOST_VALUES);
  }
  return {
    dashboard: url.pathname.slice(1),
    language: asked ?? preferred(acceptLanguage),
    saysLanguage: asked !== undefined,
    theme: THEMES.find((theme) => theme === query.get('theme')) ?? 'auto',
    selection,
    faults: [...faults],
  };
}

/** The address of a page; a change of the selection replaces the values of the filters that it names. */
export function addressOf(set: DashboardSet, from: PageAddress, change: Partial<PageAddress> = {}): string {
  const { dashboard, language, saysLanguage, theme, selection } = { ...from, ...change };
  const query = new URLSearchParams();
  for (const { id, kind } of set.filters) {
    const values = selection[id] ?? [];
    if (kind === 'values') for (const value of values) query.append(id, value);
    else for (const [at, name] of ['from', 'to'].entries()) if (values[at]) query.set(name, values[at]);
  }
  if (saysLanguage || change.language !== undefined) query.set('lang', language);
  if (theme !== 'auto') query.set('theme', theme);
  const text = query.toString();
  return text === '' ? `/${dashboard}` : `/${dashboard}?${text}`;
}

function days(query: URLSearchParams, faults: Set<SelectionFault>): string[] {
  const [first, last] = ['from', 'to'].map((name) => query.get(name)?.trim() ?? '');
  const wrong = [first, last].filter((day) => day !== '' && !isDay(day ?? ''));
  if (wrong.length > 0) {
    faults.add('noDay');
    return [];
  }
  if (first && last && first > last) faults.add('swapped');
  return [first ?? '', last ?? ''];
}

function isDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // JavaScript reads February 30th as March 1st.
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
}

/** The first language of the browser's list that there is. */
function preferred(acceptLanguage: string): Language {
  const wanted = acceptLanguage.split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return LANGUAGES.find((language) => language === wanted.find((one) => LANGUAGES.some((it) => it === one))) ?? 'en';
}
