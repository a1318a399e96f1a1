/** What a field takes, in the words of the data dictionary. */
import type { LakeField, LakeKind, LakeType } from './plan.ts';

/** The type as a reader knows it, such as `decimal(10,2)` or `list of text`. */
export function typeInWords(type: LakeType): string {
  return TYPE_WORDS[type.kind](type);
}

const TYPE_WORDS: Record<LakeKind, (type: LakeType) => string> = {
  string: () => 'text',
  enum: () => 'choice',
  int32: () => 'whole number',
  int64: () => 'whole number (64 bits)',
  double: () => 'number',
  decimal: (type) => (type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : ''),
  boolean: () => 'yes or no',
  date: () => 'day',
  timestamp: () => 'instant (UTC)',
  array: (type) => (type.kind === 'array' ? `list of ${typeInWords(type.element.type)}` : ''),
  struct: () => 'structure',
};

/** The limits that a value keeps, each in words; code stands in backticks. */
export function limitsInWords(field: LakeField): string[] {
  const { type, minimum, maximum, minLength, maxLength, pattern } = field;
  const unit = type.kind === 'array' ? 'elements' : 'characters';
  return [
    ...(type.kind === 'enum' ? [type.values.map((value) => `\`${value}\``).join(', ')] : []),
    ...range(minimum, maximum),
    ...range(minLength, maxLength).map((words) => `${words} ${unit}`),
    ...(pattern === undefined ? [] : [`\`${pattern}\``]),
  ];
}

function range(least: number | string | undefined, most: number | string | undefined): string[] {
  if (least === undefined && most === undefined) return [];
  if (least === undefined) return [`at most ${most}`];
  if (most === undefined) return [`at least ${least}`];
  return [least === most ? `exactly ${least}` : `${least} to ${most}`];
}
