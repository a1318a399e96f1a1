import { firstCharacter, stringEnd, valueEnd } from '../etl/split-json.ts';

/**
 * The text of a value within a JSON document, as it stands there, so that its numbers keep every digit; undefined where
 * it is not there. Of two members with one name the last counts, as for `JSON.parse`.
 *
 * @param text valid JSON.
 * @param path names of members with points between them; empty for the whole.
 */
export function memberText(text: string, path: string): string | undefined {
  let value: string | undefined = text.trim();
  for (const name of path === '' ? [] : path.split('.')) {
    if (value === undefined) return undefined;
    value = lastMember(value, name);
  }
  return value;
}

function lastMember(object: string, wanted: string): string | undefined {
  if (object[0] !== '{') return undefined;
  let found: string | undefined;
  for (let at = firstCharacter(object, 1); object[at] === '"'; ) {
    const nameEnd = stringEnd(object, at);
    const name: unknown = JSON.parse(object.slice(at, nameEnd));
    const start = firstCharacter(object, object.indexOf(':', nameEnd) + 1);
    const end = endOf(object, start);
    if (name === wanted) found = object.slice(start, end);
    const comma = firstCharacter(object, end);
    at = object[comma] === ',' ? firstCharacter(object, comma + 1) : -1;
  }
  return found;
}

function endOf(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  if (text[start] === '{' || text[start] === '[') return valueEnd(text, start);
  return start + (/^[^,}\]\s]*/.exec(text.slice(start, start + 1_000))?.[0].length ?? 0);
}
