/** Cuts a text of many JSON rows into one text a row, without parsing it. */

/**
 * The rows of a text, in order: JSON lines, objects one after the other (`{…}{…}`), arrays of objects, and any mix.
 *
 * A text that is no whole sequence of objects and arrays is cut at its line ends, so that a broken row spoils no
 * other. Blank text has no rows. Returns undefined where there are more than `most` rows.
 */
export function splitRows(text: string, most: number): string[] | undefined {
  const rows: string[] = [];
  if (text.indexOf('\n') === -1) return addLine(rows, text, most) ? rows : undefined;
  const lines = text.split('\n');
  // An object over several lines has lines that are no object.
  if (lines.every(isBlankOrObject)) return addLines(rows, lines, most) ? rows : undefined;
  const cut = addValues(rows, text, most);
  if (cut !== 'broken') return cut === 'done' ? rows : undefined;
  rows.length = 0;
  return addLines(rows, lines, most) ? rows : undefined;
}

type Cut = 'done' | 'broken' | 'too many';

function addLines(rows: string[], lines: readonly string[], most: number): boolean {
  return lines.every((line) => addLine(rows, line, most));
}

/** One line is one row, unless it holds several values. */
function addLine(rows: string[], line: string, most: number): boolean {
  const first = firstCharacter(line);
  if (first === -1) return true;
  const close = line.indexOf('}');
  const isFlatObject = line.charCodeAt(first) === OPEN_BRACE && (close === -1 || isBlank(line, close + 1));
  if (!isFlatObject) {
    const before = rows.length;
    const cut = addValues(rows, line, most);
    if (cut !== 'broken') return cut === 'done';
    rows.length = before;
  }
  return add(rows, line, most);
}

function addValues(rows: string[], text: string, most: number): Cut {
  for (let at = firstCharacter(text); at !== -1; at = firstCharacter(text, at)) {
    const start = at;
    const opened = text.charCodeAt(at);
    if (opened === OPEN_BRACE) {
      at = valueEnd(text, start);
      // A line that begins with a brace begins a row: an object that goes on past it was torn.
      if (at === -1 || text.slice(start, at).includes('\n{')) return 'broken';
      if (!add(rows, text.slice(start, at), most)) return 'too many';
    } else if (opened === OPEN_BRACKET) {
      at = valueEnd(text, start);
      if (at === -1 || text.charCodeAt(at - 1) !== CLOSE_BRACKET) return 'broken';
      if (!addElements(rows, text.slice(start + 1, at - 1), most)) return 'too many';
    } else return 'broken';
  }
  return 'done';
}

/** `inner` is what stands between the brackets of an array. */
function addElements(rows: string[], inner: string, most: number): boolean {
  if (isBlank(inner, 0)) return true;
  let start = 0;
  let at = 0;
  while (at < inner.length) {
    const code = inner.charCodeAt(at);
    if (code === COMMA) {
      if (!add(rows, inner.slice(start, at), most)) return false;
      start = ++at;
    } else {
      const end = isOpening(code) ? valueEnd(inner, at) : code === QUOTE ? stringEnd(inner, at) : at + 1;
      at = end === -1 ? inner.length : end;
    }
  }
  return add(rows, inner.slice(start), most);
}

function add(rows: string[], row: string, most: number): boolean {
  return rows.push(row) <= most;
}

/** Index behind the bracket that closes the one at `at`, or -1. */
export function valueEnd(text: string, at: number): number {
  let depth = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      if (at === -1) return -1;
    } else {
      at++;
      if (isOpening(code)) depth++;
      else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at;
    }
  }
  return -1;
}

/** Index behind the quote that closes the one at `at`, or -1; also where a line ends before, which no JSON string does. */
export function stringEnd(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return text.slice(at, end).includes('\n') ? -1 : end + 1;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

function isBlankOrObject(line: string): boolean {
  const first = firstCharacter(line);
  if (first === -1) return true;
  if (line.charCodeAt(first) !== OPEN_BRACE) return false;
  let last = line.length - 1;
  while (isSpace(line.charCodeAt(last))) last--;
  return line.charCodeAt(last) === CLOSE_BRACE;
}

function isBlank(text: string, from: number): boolean {
  return firstCharacter(text, from) === -1;
}

/** Index of the first character that is not JSON's white space, or -1. */
export function firstCharacter(text: string, from = 0): number {
  for (let at = from; at < text.length; at++) {
    if (!isSpace(text.charCodeAt(at))) return at;
  }
  return -1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isOpening(code: number): boolean {
  return code === OPEN_BRACE || code === OPEN_BRACKET;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
