/**
 * What must hold for the rows of a table that keeps the contract, one row a key, as data. Rendered as SQL, where a
 * check is a query that returns the offending rows, and as DQDL for Glue Data Quality.
 *
 * The validator has checked each row before it was stored; these rules watch over what happened to the table since.
 * They look at whole columns, not within lists and structures.
 */
import { type Column, type DatasetPlan, type LakeKind, storedColumns } from './plan.ts';

export type QualityRule =
  | { readonly kind: 'not-empty' }
  | { readonly kind: 'unique-key'; readonly columns: readonly string[] }
  | { readonly kind: 'complete'; readonly column: string }
  | ColumnRule;

/** A rule that a null keeps. */
export type ColumnRule = { readonly column: string } & (
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  /** Bounds as they stand in SQL: digits, perhaps with a sign and a point. */
  | { readonly kind: 'at-least'; readonly bound: string }
  | { readonly kind: 'at-most'; readonly bound: string }
  /** Lengths in characters of a text, or in elements of a list. */
  | { readonly kind: 'no-shorter'; readonly length: number; readonly of: 'text' | 'list' }
  | { readonly kind: 'no-longer'; readonly length: number; readonly of: 'text' | 'list' }
  | { readonly kind: 'matches'; readonly pattern: string }
);

/** The rules of a dataset: the table's first, then each column's in storage order. */
export function qualityRules(plan: DatasetPlan): QualityRule[] {
  return [
    { kind: 'not-empty' },
    { kind: 'unique-key', columns: plan.key },
    ...storedColumns(plan).flatMap(columnRules),
  ];
}

function columnRules(column: Column): QualityRule[] {
  const { name, nullable } = column;
  const complete: QualityRule[] = nullable ? [] : [{ kind: 'complete', column: name }];
  return [...complete, ...RULES[column.type.kind](column).map((rule) => ({ column: name, ...rule }))];
}

type Limit = ColumnRule extends infer Rule ? (Rule extends ColumnRule ? Omit<Rule, 'column'> : never) : never;

const RULES: Record<LakeKind, (column: Column) => Limit[]> = {
  string: (column) => [...lengths(column, 'text'), ...patterns(column)],
  enum: ({ type }) => [{ kind: 'one-of', values: type.kind === 'enum' ? type.values : [] }],
  int32: bounds,
  int64: bounds,
  double: bounds,
  decimal: bounds,
  boolean: () => [],
  date: () => [],
  timestamp: () => [],
  array: (column) => lengths(column, 'list'),
  struct: () => [],
};

function bounds({ minimum, maximum }: Column): Limit[] {
  return [
    ...(minimum === undefined ? [] : [{ kind: 'at-least', bound: `${minimum}` } as const]),
    ...(maximum === undefined ? [] : [{ kind: 'at-most', bound: `${maximum}` } as const]),
  ];
}

/**
 * The contract counts UTF-16 code units and SQL counts characters, of which there may be half as many: the shortest
 * length is halved, so that no row that keeps the contract offends.
 */
function lengths({ minLength, maxLength }: Column, of: 'text' | 'list'): Limit[] {
  const shortest = of === 'text' ? Math.ceil((minLength ?? 0) / 2) : (minLength ?? 0);
  return [
    ...(shortest === 0 ? [] : [{ kind: 'no-shorter', length: shortest, of } as const]),
    ...(maxLength === undefined ? [] : [{ kind: 'no-longer', length: maxLength, of } as const]),
  ];
}

/** To the engines, but not to the validator, `$` also stands before a last newline; `\z` is the very end. */
function patterns({ pattern }: Column): Limit[] {
  return pattern === undefined ? [] : [{ kind: 'matches', pattern: pattern.replace(/\$$/, '\\z') }];
}
