/** JSON numbers that a JavaScript number may not hold exactly: 16 characters or more of digits and point. */
const LONG_NUMBER = /\d[\d.]{15}/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

export interface ExactJson {
  readonly value: unknown;
  /** The same value with every number as its source text; absent where all numbers of `value` are exact. */
  readonly exact?: unknown;
}

/**
 * Parses JSON and keeps the digits of numbers that a JavaScript number would round. Undefined where the text is not
 * JSON. (`JSON.parse` itself tells a reviver the source text from Node 22 on only.)
 *
 * @param isExactWanted whether digits matter at all: a second parse costs as much as the first.
 */
export function readExactJson(text: string, isExactWanted: boolean): ExactJson | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isExactWanted || !LONG_NUMBER.test(text)) return { value };
  return { value, exact: parseNumbersAsText(text) };
}

/** Valid JSON with every number read as a string of its digits. */
export function parseNumbersAsText(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}
