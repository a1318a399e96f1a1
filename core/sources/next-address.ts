import type { ApiSource } from './api-source.ts';

/** What of a page tells the next. */
export interface PageAnswer {
  readonly address: URL;
  /** Number of the page, from 1. */
  readonly page: number;
  readonly records: number;
  readonly answer: unknown;
  /** The header `Link`. */
  readonly link: string | undefined;
}

/**
 * The address of the next page; undefined after the last. Throws where it leads to another host, which would be given the
 * secret, or is none.
 */
export function nextAddress({ next }: ApiSource, page: PageAnswer): URL | undefined {
  switch (next.by) {
    case 'nothing':
      return undefined;
    case 'link':
      return onSameHost(page.address, linkedNext(page.link ?? ''));
    case 'address':
      return onSameHost(page.address, textAt(page.answer, next.field));
    case 'token':
      return withParameter(page.address, next.parameter, textAt(page.answer, next.field));
    case 'number':
      if (page.records === 0) return undefined;
      return withParameter(page.address, next.parameter, String(next.first + page.page));
  }
}

/** The address of the first page. */
export function firstAddress({ address, next }: ApiSource): URL {
  const url = new URL(address);
  if (next.by === 'number' && !url.searchParams.has(next.parameter)) {
    url.searchParams.set(next.parameter, String(next.first));
  }
  return url;
}

function onSameHost(from: URL, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text, from.href)) throw new Error('the address of the next page is no URL');
  const url = new URL(text, from);
  if (url.origin === from.origin && url.username === '' && url.password === '') return url;
  throw new Error(`the next page is said to be at ${url.origin}, expected ${from.origin} as the page before`);
}

function withParameter(from: URL, name: string, value: string | undefined): URL | undefined {
  if (value === undefined) return undefined;
  const url = new URL(from);
  url.searchParams.set(name, value);
  return url;
}

function textAt(answer: unknown, path: string): string | undefined {
  let value = answer;
  for (const name of path === '' ? [] : path.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }
  if (value === undefined || value === null || value === '' || value === false) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`'${path}' of the answer is no text, expected what leads to the next page`);
}

/** The target of `rel="next"` (RFC 8288). */
function linkedNext(header: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(
    /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=?\s*(?:"[^"]*"|[^",;]*))*)/g,
  )) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters);
    if ((relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return undefined;
}
