/**
 * Typing and checking of one column in DuckDB SQL. What the SQL says yes to, the row reader would take, with the same
 * value; what it does not say yes to is not wrong, only left to the row reader.
 */
import { duckdbType, sqlText } from './duckdb-type.ts';
import type { Column, LakeField, LakeType } from './plan.ts';

/** SQL of one column. */
export interface CellSql {
  /** Typed value; may be NULL or wrong where the check is not true. */
  readonly value: string;
  /** Never true for a text that the row reader would refuse, or read otherwise. May be NULL. Takes the value's name. */
  readonly check: (value: string) => string;
}

/** @param text SQL of the cell's text, which is NULL or empty where it is missing. */
export function cellSql(column: Column, text: string): CellSql {
  const isMissing = `(${text} IS NULL OR ${text} = '')`;
  if (column.privacy === 'pseudonym') {
    const isSure = and([`${text} <> ''`, isPlainAscii(text), ...noBlanksAround(text)]);
    return { value: pseudonymSql(text), check: () => nullable(column, isMissing, isSure) };
  }
  const sql = SQL[column.type.kind](column, text);
  return { value: sql.value, check: (value) => nullable(column, isMissing, sql.check(value)) };
}

function nullable(column: LakeField, isMissing: string, check: string): string {
  return column.nullable ? `(${isMissing} OR (${check}))` : `(${check})`;
}

const BLANKS = '[ \\t]*';
const WHOLE = `${BLANKS}[+-]?[0-9]{1,20}${BLANKS}`;
const DOUBLE = `${BLANKS}[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?${BLANKS}`;
const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const TIMESTAMP = `${DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{3,9})?(?:Z| UTC)?`;
const YES = ['true', 'True', 'TRUE', 'yes', 'Yes', 'YES'];
const NO = ['false', 'False', 'FALSE', 'no', 'No', 'NO'];

const SQL: Record<LakeType['kind'], (column: Column, text: string) => CellSql> = {
  string: (column, text) => ({
    value: column.nullable ? `nullif(${text}, '')` : text,
    check: () => and([`${text} <> ''`, ...lengths(column, text)]),
  }),
  enum: ({ type, nullable: mayLack }, text) => ({
    value: mayLack ? `nullif(${text}, '')` : text,
    check: () => (type.kind === 'enum' ? `${text} IN (${type.values.map(sqlText).join(', ')})` : 'false'),
  }),
  int32: (column, text) => number(column, text, WHOLE),
  int64: (column, text) => number(column, text, WHOLE),
  double: (column, text) => {
    const sql = number(column, text, DOUBLE);
    return { value: sql.value, check: (value) => and([`isfinite(${value})`, sql.check(value)]) };
  },
  decimal: (column, text) => {
    const scale = column.type.kind === 'decimal' ? column.type.scale : 0;
    const fraction = scale === 0 ? '(?:\\.0+)?' : `(?:\\.[0-9]{1,${scale}}0*)?`;
    return number(column, text, `${BLANKS}[+-]?[0-9]+${fraction}${BLANKS}`);
  },
  boolean: (_, text) => ({
    value: `CASE ${text} WHEN '0' THEN false WHEN '1' THEN true WHEN '' THEN NULL ELSE ${text} IN (${YES.map(sqlText).join(', ')}) END`,
    check: () =>
      `CASE WHEN ${text} IN ('0', '1') THEN true ELSE ${text} IN (${[...YES, ...NO].map(sqlText).join(', ')}) END`,
  }),
  date: (_, text) => ({
    value: `try_cast(${text} AS DATE)`,
    check: (value) => and([matches(text, DATE), `${text} >= '0001'`, `${value} IS NOT NULL`]),
  }),
  timestamp: (_, text) => ({
    // What is finer than a millisecond is cut. A plain cast to TIMESTAMPTZ would take the slow way through ICU.
    value: `make_timestamptz(epoch_us(try_cast(substring(${text}, 1, 23) AS TIMESTAMP)))`,
    check: (value) => and([matches(text, TIMESTAMP), `${text} >= '0001'`, `${value} IS NOT NULL`]),
  }),
  array: onlyMissing,
  struct: onlyMissing,
};

/** Nested values are read as JSON by the row reader. */
function onlyMissing({ type }: Column): CellSql {
  return { value: `NULL::${duckdbType(type)}`, check: () => 'false' };
}

function number(column: Column, text: string, shape: string): CellSql {
  const type = duckdbType(column.type);
  return {
    value: `try_cast(${text} AS ${type})`,
    check: (value) =>
      and([
        matches(text, shape),
        `${value} IS NOT NULL`,
        ...bound(value, '>=', column.minimum, column.type),
        ...bound(value, '<=', column.maximum, column.type),
      ]),
  };
}

/** Bounds of a decimal are compared as decimals: a bound with more decimals than the column leaves all rows unsure. */
function bound(value: string, operator: string, limit: number | string | undefined, type: LakeType): string[] {
  if (limit === undefined) return [];
  if (type.kind !== 'decimal') return [`${value} ${operator} ${limit}`];
  const text = String(limit);
  const isExact = /^-?\d+(\.\d+)?$/.test(text) && (text.split('.')[1] ?? '').length <= type.scale;
  return [isExact ? `${value} ${operator} try_cast(${sqlText(text)} AS ${duckdbType(type)})` : 'false'];
}

/**
 * Lengths count UTF-16 units, DuckDB counts characters or bytes. There are at least as many units as characters, at
 * most as many as bytes and as twice the characters: what lies between is left to the row reader.
 */
function lengths({ minLength = 0, maxLength, pattern }: LakeField, text: string): string[] {
  return [
    ...(minLength > 1 ? [`length(${text}) >= ${minLength}`] : []),
    ...(maxLength === undefined ? [] : [`(strlen(${text}) <= ${maxLength} OR 2 * length(${text}) <= ${maxLength})`]),
    ...(pattern === undefined ? [] : [isPlainPattern(pattern) ? matchesPattern(text, pattern) : 'false']),
  ];
}

/** Among ASCII texts, both kinds of regular expression mean the same. */
function matchesPattern(text: string, pattern: string): string {
  return and([isPlainAscii(text), `regexp_matches(${text}, ${sqlText(pattern)})`]);
}

/** Whether RE2 and JavaScript surely read the pattern alike. */
function isPlainPattern(pattern: string): boolean {
  return !/\\[^dDwW.\-/^$*+?(){}|[\]\\]|\(\?[^:]|\[\^?\]|\[[^\]]*\[/.test(pattern);
}

/**
 * HMAC-SHA-256 by its definition. The two padded keys are variables of the connection (see `PSEUDONYM_VARIABLES`),
 * so that no secret stands in a query's text.
 */
function pseudonymSql(text: string): string {
  const inner = `unhex(sha256(getvariable('hmac_inner') || encode(lower(${text}))))`;
  // 16 of the 32 bytes are enough for 21 characters.
  const digest = `left(base64(unhex(left(sha256(getvariable('hmac_outer') || ${inner}), 32))), 21)`;
  const code = `getvariable('hmac_version') || replace(replace(${digest}, '+', '-'), '/', '_')`;
  return `CASE WHEN ${text} <> '' THEN ${code} END`;
}

/** Checks that no blank stands at either end of a text. */
export function noBlanksAround(text: string): string[] {
  return [' %', '% ', '\t%', '%\t'].map((blank) => `${text} NOT LIKE '${blank}'`);
}

function isPlainAscii(text: string): string {
  return `strlen(${text}) = length(${text})`;
}

function matches(text: string, shape: string): string {
  return `regexp_full_match(${text}, ${sqlText(shape)})`;
}

function and(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}
