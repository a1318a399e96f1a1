/**
 * A value as it leaves the engine. Whole numbers of 64 bits are bigint; decimals, days and instants are text, an
 * instant as Athena writes it (`2024-05-01 09:30:00.000`, in UTC).
 */
export type AnswerValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AnswerValue[]
  | { readonly [name: string]: AnswerValue };

export type AnswerRow = readonly AnswerValue[];

/** A value as one line of text: lists and structs as JSON. Null is the empty text. */
export function valueText(value: AnswerValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** A value as JSON. Whole numbers of 64 bits keep all their digits; what JSON has no number for is a text. */
export function jsonText(value: AnswerValue): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonText).join(', ')}]`;
  const pairs = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${jsonText(one)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function isList(value: object): value is readonly AnswerValue[] {
  return Array.isArray(value);
}
