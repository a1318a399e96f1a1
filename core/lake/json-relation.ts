/** Documents of JSON, one a line, as a relation: times and days are texts there, for which a view makes them again. */
import type { LakeKind, LakeType } from '../contract/plan.ts';

export interface JsonColumn<Field extends string = string> {
  /** Where a document has it. */
  readonly field: Field;
  readonly type: LakeType;
  readonly description: string;
}

/** What `create view` has after `as`, over the table of the documents. */
export function jsonView(columns: Readonly<Record<string, JsonColumn>>, table: string): string {
  const lines = Object.entries(columns).map(([name, { type }]) => `  ${FROM_TEXT[type.kind]?.(name) ?? name}`);
  return `select\n${lines.join(',\n')}\nfrom ${table}`;
}

/** Of what JSON has no type for. */
const FROM_TEXT: Partial<Record<LakeKind, (name: string) => string>> = {
  timestamp: (name) => `cast(from_iso8601_timestamp(${name}) as timestamp(3)) as ${name}`,
  date: (name) => `cast(${name} as date) as ${name}`,
};
