import type { AnswerValue } from './answer-value.ts';

/** The value of a text, which is all that Athena gives, by Athena's name of the column's type, such as `bigint`. */
export function athenaValue(text: string | undefined, type: string): AnswerValue {
  if (text === undefined) return null;
  return (READERS[type] ?? String)(text);
}

const READERS: Readonly<Record<string, (text: string) => AnswerValue>> = {
  tinyint: Number,
  smallint: Number,
  integer: Number,
  bigint: BigInt,
  float: Number,
  real: Number,
  double: Number,
  boolean: (text) => text === 'true',
};
