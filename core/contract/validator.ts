/**
 * Checks of a clean row, generated from the plan: one straight-line function a dataset, no zod at run time.
 *
 * A property test holds it to the verdict of the zod schema that the plan was read from.
 */
import type { Column, DatasetPlan, LakeField, LakeKind } from './plan.ts';
import { decimalPattern, isDate, isTimestamp, unscaled } from './value-tests.ts';

/** Why a row was refused. `${column}:${rule}` is its code. */
export interface Reason {
  /** Name of the column, or `row` for the row as a whole. */
  readonly column: string;
  readonly rule: string;
  /** What was found and what would be right; holds no value of a column that is not free to read. */
  readonly message: string;
}

export interface Validator {
  /** True for a row that keeps the whole contract. */
  accepts(row: unknown): boolean;
  /** The first column in order that breaks the contract, and how; undefined for a row that keeps it. */
  reasonOf(row: unknown): Reason | undefined;
}

/** A rule's name and the code that is true where a value keeps it, given that the rules before it were kept. */
type Check = readonly [rule: string, code: string];

export function compileValidator(plan: DatasetPlan): Validator {
  const constants: unknown[] = [];
  const columns = plan.columns.filter(({ privacy }) => privacy !== 'drop');
  const conditions = columns.map((column) => fieldCode(column, `row[${JSON.stringify(column.name)}]`, constants, 0));
  const accepts = compile('row', [isObject('row'), ...conditions].join('\n && '), constants);
  const rules = columns.map((column) => ({ column, brokenRule: compileRules(column) }));
  return {
    accepts,
    reasonOf(row) {
      if (accepts(row)) return undefined;
      if (typeof row !== 'object' || row === null || Array.isArray(row)) {
        return { column: 'row', rule: 'type', message: `found ${shown(row)}, expected an object` };
      }
      for (const { column, brokenRule } of rules) {
        const value = (row as Record<string, unknown>)[column.name];
        const rule = brokenRule(value);
        if (rule !== undefined) return columnReason(column, rule, value);
      }
      throw new Error(`${plan.name}: a row is refused, but none of its columns is at fault`);
    },
  };
}

/** The reason for one column; the value is shown, cut short, only where the column is free to read. */
export function columnReason(column: Column, rule: string, value: unknown): Reason {
  const found = column.privacy === 'none' ? shown(value) : 'a value that is not shown';
  return { column: column.name, rule, message: `found ${found}, expected ${describeField(column)}` };
}

function compileRules(column: Column): (value: unknown) => string | undefined {
  const constants: unknown[] = [];
  const rules = checksOf(column, 'value', constants, 0).map(([rule, code]) => ({
    rule,
    keeps: compile('value', code, constants),
  }));
  return (value) => {
    if (value === null && column.nullable) return undefined;
    if (value === null || value === undefined) return 'missing';
    return rules.find(({ keeps }) => !keeps(value))?.rule;
  };
}

function compile(parameter: string, code: string, constants: readonly unknown[]): (value: unknown) => boolean {
  return new Function('c', `"use strict"; return (${parameter}) => ${code};`)(constants);
}

function fieldCode(field: LakeField, value: string, constants: unknown[], depth: number): string {
  const code = checksOf(field, value, constants, depth)
    .map(([, it]) => it)
    .join(' && ');
  return field.nullable ? `(${value} === null || (${code}))` : `(${code})`;
}

function checksOf(field: LakeField, value: string, constants: unknown[], depth: number): readonly Check[] {
  return [...TYPE_CHECKS[field.type.kind](field, value, constants, depth), ...lengthChecks(field, value)];
}

const TYPE_CHECKS: Record<
  LakeKind,
  (field: LakeField, value: string, constants: unknown[], depth: number) => readonly Check[]
> = {
  string: (field, value, constants) => [
    ['type', `typeof ${value} === "string"`],
    ...(field.pattern === undefined
      ? []
      : [['pattern', `${remembering(matching(field.pattern), constants)}(${value})`] as const]),
  ],
  enum: ({ type }, value, constants) => {
    const values = type.kind === 'enum' ? type.values : [];
    const few = values.map((text) => `${value} === ${JSON.stringify(text)}`).join(' || ');
    const code = values.length <= 8 ? `(${few})` : `${constant(new Set(values), constants)}.has(${value})`;
    return [['enum', code]];
  },
  int32: (field, value) => [['type', `Number.isSafeInteger(${value})`], ...rangeChecks(field, value, '')],
  int64: (field, value) => {
    const { minimum = -(2n ** 63n), maximum = 2n ** 63n - 1n } = field;
    return [
      ['type', `typeof ${value} === "bigint"`],
      ...rangeChecks({ ...field, minimum: `${minimum}`, maximum: `${maximum}` }, value, 'n'),
    ];
  },
  double: (field, value) => [['type', `Number.isFinite(${value})`], ...rangeChecks(field, value, '')],
  decimal: (field, value, constants) => {
    if (field.type.kind !== 'decimal') return [];
    const { scale } = field.type;
    const shape = constant(new RegExp(decimalPattern(field.type)), constants);
    const digits = `${constant(unscaled, constants)}(${value}, ${scale})`;
    const exact = (bound: number | string | undefined) =>
      bound === undefined ? undefined : `${unscaled(`${bound}`, scale)}`;
    return [
      ['type', `typeof ${value} === "string" && ${shape}.test(${value})`],
      ...rangeChecks({ minimum: exact(field.minimum), maximum: exact(field.maximum) }, digits, 'n'),
    ];
  },
  boolean: (_, value) => [['type', `typeof ${value} === "boolean"`]],
  date: (_, value, constants) => [['type', `${remembering(isDate, constants)}(${value})`]],
  timestamp: (_, value, constants) => [['type', `${remembering(isTimestamp, constants)}(${value})`]],
  array: ({ type }, value, constants, depth) => {
    if (type.kind !== 'array') return [];
    const item = `item${depth}`;
    const each = fieldCode(type.element, item, constants, depth + 1);
    // Array.from, because `every` would pass over the holes of a sparse array.
    return [['type', `Array.isArray(${value}) && Array.from(${value}).every((${item}) => ${each})`]];
  },
  struct: ({ type }, value, constants, depth) => {
    if (type.kind !== 'struct') return [];
    const fields = type.fields.map((field) =>
      fieldCode(field, `${value}[${JSON.stringify(field.name)}]`, constants, depth),
    );
    return [['type', [isObject(value), ...fields].join(' && ')]];
  },
};

function rangeChecks(
  {
    minimum,
    maximum,
  }: { readonly minimum?: number | string | undefined; readonly maximum?: number | string | undefined },
  value: string,
  suffix: string,
): readonly Check[] {
  const least: readonly Check[] = minimum === undefined ? [] : [['minimum', `${value} >= ${minimum}${suffix}`]];
  const most: readonly Check[] = maximum === undefined ? [] : [['maximum', `${value} <= ${maximum}${suffix}`]];
  return [...least, ...most];
}

function lengthChecks({ minLength, maxLength }: LakeField, value: string): readonly Check[] {
  const least: readonly Check[] = minLength === undefined ? [] : [['too_short', `${value}.length >= ${minLength}`]];
  const most: readonly Check[] = maxLength === undefined ? [] : [['too_long', `${value}.length <= ${maxLength}`]];
  return [...least, ...most];
}

function isObject(value: string): string {
  return `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`;
}

/** A test that knows its last good text again: neighbouring rows often share their file, their day or their route. */
function remembering(test: (value: unknown) => boolean, constants: unknown[]): string {
  let last: unknown;
  return constant((value: unknown) => {
    if (value === last && typeof value === 'string') return true;
    if (!test(value)) return false;
    last = value;
    return true;
  }, constants);
}

function matching(pattern: string): (value: unknown) => boolean {
  const expression = new RegExp(pattern);
  return (value) => expression.test(value as string);
}

function constant(value: unknown, constants: unknown[]): string {
  constants.push(value);
  return `c[${constants.length - 1}]`;
}

const SHOWN_CHARACTERS = 40;

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? 'a structure' : `${String(value)}`;
  const start = text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
  // A message is stored and read by every engine: no half of a surrogate pair, no NUL.
  return start.replace(/[\p{Surrogate}\0]/gu, '\ufffd');
}

/** What a column takes, in words, as in `a whole number from 1 to 9`. */
export function describeField(field: LakeField): string {
  const { type, minimum, maximum, minLength, maxLength, pattern, nullable } = field;
  const words: Record<LakeKind, string> = {
    string: 'text',
    enum: type.kind === 'enum' ? `one of ${type.values.join(', ')}` : '',
    int32: 'a whole number',
    int64: 'a whole number',
    double: 'a number',
    decimal:
      type.kind === 'decimal' ? `a decimal of at most ${type.precision} digits, ${type.scale} behind the point` : '',
    boolean: 'true or false (1 or 0)',
    date: 'a day as YYYY-MM-DD',
    timestamp: 'an instant as YYYY-MM-DDTHH:MM:SSZ',
    array: 'a list',
    struct: 'an object',
  };
  const unit = type.kind === 'string' ? ' characters' : ' elements';
  return [
    words[type.kind],
    minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '',
    minimum !== undefined && maximum === undefined ? ` from ${minimum}` : '',
    minimum === undefined && maximum !== undefined ? ` up to ${maximum}` : '',
    minLength === undefined ? '' : ` of at least ${minLength}${unit}`,
    maxLength === undefined ? '' : ` of at most ${maxLength}${unit}`,
    pattern === undefined ? '' : ` matching ${pattern}`,
    nullable ? ', or nothing' : '',
  ].join('');
}
