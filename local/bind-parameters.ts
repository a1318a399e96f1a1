import {
  BIGINT,
  DATE,
  DOUBLE,
  DuckDBDateValue,
  type DuckDBPreparedStatement,
  DuckDBTypeId,
  VARCHAR,
} from '@duckdb/node-api';
import { UsageError } from './exit-status.ts';
import type { Parameter } from './sql-library.ts';

/**
 * Binds every parameter by its declared type, or else by the type of what the query compares it with. Values are never
 * text of the query.
 */
export function bindParameters(
  prepared: DuckDBPreparedStatement,
  names: readonly string[],
  given: Readonly<Record<string, string>>,
  declared: readonly Parameter[] = [],
): void {
  for (const { name, text, type: asDeclared } of typedParameters(names, given, declared)) {
    const index = prepared.parameterIndex(name);
    const type = asDeclared ?? PARAMETER_TYPES[prepared.parameterTypeId(index)] ?? lookOf(text);
    bindOne(prepared, index, type, readParameter(name, type, text));
  }
}

interface TypedParameter {
  readonly name: string;
  readonly text: string;
  /** Undefined where the query declares none. */
  readonly type: Parameter['type'] | undefined;
}

/** What was typed for each name, or its default. Throws for a name without a value, and for a value without a name. */
export function typedParameters(
  names: readonly string[],
  given: Readonly<Record<string, string>>,
  declared: readonly Parameter[],
): readonly TypedParameter[] {
  const stray = Object.keys(given).filter((name) => !names.includes(name));
  if (stray.length > 0)
    throw new UsageError(`the query has no parameter '${stray.join("', '")}'${known(names, declared)}`);
  return names.map((name) => {
    const parameter = declared.find((it) => it.name === name);
    const text = given[name] ?? parameter?.byDefault;
    if (text === undefined) throw new UsageError(`the parameter '${name}' is missing: add --param ${name}=…`);
    return { name, text, type: parameter?.type };
  });
}

/** Where DuckDB knows what a parameter must be. */
const PARAMETER_TYPES: Readonly<Partial<Record<DuckDBTypeId, Parameter['type']>>> = {
  [DuckDBTypeId.INTEGER]: 'int',
  [DuckDBTypeId.BIGINT]: 'int',
  [DuckDBTypeId.DOUBLE]: 'number',
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.DATE]: 'date',
};

/** A parameter's value; a day is its number since 1970. */
type Value = bigint | number | string;

/** Reads a value from what was typed. Throws a sentence that says what would be right. */
export function readParameter(name: string, type: Parameter['type'], text: string): Value {
  const value = READERS[type](text);
  if (value !== undefined) return value;
  throw new UsageError(`the parameter '${name}' is '${text}', expected ${EXPECTED[type]}`);
}

const READERS: Record<Parameter['type'], (text: string) => Value | undefined> = {
  int: (text) => (/^-?\d{1,18}$/.test(text) ? BigInt(text) : undefined),
  number: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
  text: (text) => text,
  date: (text) => {
    const day = Date.parse(`${text}T00:00:00Z`);
    // JavaScript reads February 30th as March 1st.
    const isDay = !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === text;
    return isDay ? day / 86_400_000 : undefined;
  },
};

const EXPECTED: Record<Parameter['type'], string> = {
  int: 'a whole number',
  number: 'a number',
  text: 'a text',
  date: 'a day as YYYY-MM-DD',
};

function bindOne(to: DuckDBPreparedStatement, index: number, type: Parameter['type'], value: Value): void {
  if (type === 'date') to.bindValue(index, new DuckDBDateValue(Number(value)), DATE);
  else to.bindValue(index, value, { int: BIGINT, number: DOUBLE, text: VARCHAR }[type]);
}

/** The type that a text looks like, where nothing says more. */
export function lookOf(text: string): Parameter['type'] {
  if (/^-?\d{1,18}$/.test(text)) return 'int';
  if (/^-?\d+\.\d+$/.test(text)) return 'number';
  return 'text';
}

function known(names: readonly string[], declared: readonly Parameter[]): string {
  if (names.length === 0) return '; it takes none';
  const explained = names.map((name) => {
    const parameter = declared.find((it) => it.name === name);
    return parameter === undefined ? name : `${name} (${parameter.type}: ${parameter.description})`;
  });
  return `, expected some of ${explained.join(', ')}`;
}
