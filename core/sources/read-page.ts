import { splitRows } from '../etl/split-json.ts';
import type { ApiSource } from './api-source.ts';
import { memberText } from './member-text.ts';

export interface Page {
  /** The text of each record, on one line, every digit as it came. */
  readonly records: readonly string[];
  /** The whole answer, parsed. */
  readonly answer: unknown;
}

/** Reads an answer; undefined where it is no JSON, which a connection that broke leaves. */
export function readPage(source: ApiSource, text: string): Page | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  // No line end is left within a text: JSON does not allow it there.
  const line = text.replaceAll(/[\r\n]+/g, ' ');
  const list = memberText(line, source.records);
  const place = source.records === '' ? 'the answer' : `'${source.records}' of the answer`;
  if (list === undefined) throw new Error(`${place} is not there, expected a list of records`);
  if (!list.startsWith('[')) throw new Error(`${place} is ${kindOf(list)}, expected a list of records`);
  return { records: splitRows(list, Number.MAX_SAFE_INTEGER) ?? [], answer };
}

const KINDS: Readonly<Record<string, string>> = { '{': 'an object', '"': 'a text', n: 'null', t: 'true', f: 'false' };

function kindOf(json: string): string {
  return KINDS[json[0] ?? ''] ?? 'a number';
}
