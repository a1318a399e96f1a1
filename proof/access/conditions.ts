/** The conditions of a statement, over what is known of a request. */
import { type Condition, wildcard } from './statement.ts';

/** What AWS knows of a request, by the key in lower case, for keys are the same in any case; some have several values. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether every condition holds. Throws on an operator that is not known here: guessing would hide an open door. */
export function conditionsHold(conditions: readonly Condition[], context: Context): boolean {
  return conditions.every((condition) => holds(condition, context));
}

function holds({ operator: written, key, values }: Condition, context: Context): boolean {
  const found = [context[key] ?? []].flat();
  const isKnown = found.length > 0;
  if (written === 'Null') return values.some((value) => (value.toLowerCase() === 'true') === !isKnown);
  const { operator, quantifier, ifExists } = operatorOf(written);
  const { compare, isNegated = false } = operator;
  if (!isKnown) return ifExists || quantifier === 'ForAllValues:' || (isNegated && quantifier === undefined);
  const fits = (value: string) => values.some((allowed) => compare(value, allowed)) !== isNegated;
  if (quantifier === 'ForAnyValue:') return found.some(fits);
  if (quantifier === 'ForAllValues:' || isNegated) return found.every(fits);
  return found.some(fits);
}

interface WrittenOperator {
  readonly operator: Operator;
  readonly quantifier?: string;
  readonly ifExists: boolean;
}

/** Operators as they were written, taken apart once. */
const taken = new Map<string, WrittenOperator>();

function operatorOf(written: string): WrittenOperator {
  const known = taken.get(written);
  if (known !== undefined) return known;
  const [, quantifier, name = '', suffix] = /^(ForAnyValue:|ForAllValues:)?(.*?)(IfExists)?$/.exec(written) ?? [];
  const operator = OPERATORS[name];
  if (operator === undefined) {
    throw new Error(
      `condition operator '${written}', expected one of ${[...Object.keys(OPERATORS), 'Null'].join(', ')}`,
    );
  }
  const parts = { operator, ...(quantifier !== undefined && { quantifier }), ifExists: suffix !== undefined };
  taken.set(written, parts);
  return parts;
}

interface Operator {
  readonly compare: (value: string, allowed: string) => boolean;
  /** Holds where no value fits, and where the key is unknown. */
  readonly isNegated?: boolean;
}

function sameText(value: string, allowed: string): boolean {
  return value === allowed;
}

function sameTextInAnyCase(value: string, allowed: string): boolean {
  return value.toLowerCase() === allowed.toLowerCase();
}

function likeText(value: string, allowed: string): boolean {
  return wildcard(allowed)(value);
}

/** Part by part: a wildcard does not reach over a colon, but for the last part. */
function likeArn(value: string, allowed: string): boolean {
  const parts = arnParts(value);
  return arnParts(allowed).every((pattern, index) => wildcard(pattern)(parts[index] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function byNumber(compare: (value: number, allowed: number) => boolean): Operator {
  return { compare: (value, allowed) => compare(Number(value), Number(allowed)) };
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: sameText },
  StringNotEquals: { compare: sameText, isNegated: true },
  StringEqualsIgnoreCase: { compare: sameTextInAnyCase },
  StringNotEqualsIgnoreCase: { compare: sameTextInAnyCase, isNegated: true },
  StringLike: { compare: likeText },
  StringNotLike: { compare: likeText, isNegated: true },
  ArnEquals: { compare: likeArn },
  ArnNotEquals: { compare: likeArn, isNegated: true },
  ArnLike: { compare: likeArn },
  ArnNotLike: { compare: likeArn, isNegated: true },
  Bool: { compare: sameTextInAnyCase },
  NumericEquals: byNumber((value, allowed) => value === allowed),
  NumericNotEquals: { compare: (value, allowed) => Number(value) === Number(allowed), isNegated: true },
  NumericLessThan: byNumber((value, allowed) => value < allowed),
  NumericLessThanEquals: byNumber((value, allowed) => value <= allowed),
  NumericGreaterThan: byNumber((value, allowed) => value > allowed),
  NumericGreaterThanEquals: byNumber((value, allowed) => value >= allowed),
};
