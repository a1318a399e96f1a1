import { type Column, type DatasetPlan, type LakeKind, storedColumns } from '../contract/plan.ts';
import { decimalPattern, isDate, isTimestamp } from '../contract/value-tests.ts';
import { compileCleaner } from './clean-row.ts';
import { encodeDouble, encodeText } from './encode-row.ts';

/**
 * The line of a JSON row that arrived at `ingestedAt`, where it is plain to see that the row is good; undefined where
 * it is not: the row reader then has the word.
 */
export type SureLine = (json: string, ingestedAt: string) => string | undefined;

/**
 * Generates the short way of a stream's row: one straight function that checks the JSON values and encodes them, with
 * no row in between. It knows the values that senders give nearly always, and is sure of no other: a number as a text,
 * an unusual date, a cell that a cleaning rule would change, a list, a key to be made.
 *
 * What it is sure of is what `compileRowReader` and `compileRowEncoder` say, byte by byte; a property test holds it to
 * that.
 */
export function compileSureLine(plan: DatasetPlan, pseudonymise: (value: string) => string): SureLine {
  const constants: unknown[] = [];
  const constant = (value: unknown) => `c[${constants.push(value) - 1}]`;
  const cleaners = compileCleaner(plan);
  const columns = storedColumns(plan).map((column) => {
    const name = JSON.stringify(column.name);
    const label = `${name}:`;
    if (column.origin === 'lake' && column.name === 'ingested_at') return append(label, `'"' + ingestedAt + '"'`);
    if (column.origin === 'lake' && column.name === 'source') return append(label, `'"stream"'`);
    // JSON can give a row any key as its own, and takes none away that every object inherits.
    const value = column.name in Object.prototype ? `(Object.hasOwn(o, ${name}) ? o[${name}] : null)` : `o[${name}]`;
    const encoded = isPersonal(column)
      ? pseudonym(constant(pseudonymise))
      : ENCODED[column.type.kind](column, { constant, clean: cleaners.get(column.name) });
    const missing = column.nullable && column.origin !== 'position' ? '' : 'return undefined;';
    return `v = ${value}; if (v === null || v === undefined || v === '') { ${missing} } else { ${encoded} ${append(label, 'e')} }`;
  });
  const body = `return (o, ingestedAt) => { if (typeof o !== 'object' || o === null || Array.isArray(o)) return undefined; let s = '{'; let comma = ''; let v; let e; ${columns.join('\n')} return s + '}\\n'; }`;
  const line = new Function('c', 'text', 'double', 'isDate', 'isTimestamp', body)(
    constants,
    sureText,
    encodeDouble,
    isDate,
    isTimestamp,
  ) as (value: unknown, ingestedAt: string) => string | undefined;
  return (json, ingestedAt) => {
    try {
      return line(JSON.parse(json), ingestedAt);
    } catch {
      return undefined;
    }
  };
}

interface Parts {
  readonly constant: (value: unknown) => string;
  readonly clean: ((text: string, changed: string[]) => string) | undefined;
}

/** Code that sets `e` to the JSON of `v`, or returns. */
const ENCODED: Record<LakeKind, (column: Column, parts: Parts) => string> = {
  string: ({ pattern, minLength, maxLength }, { constant, clean }) =>
    must(
      `typeof v === 'string'`,
      minLength === undefined ? 'true' : `v.length >= ${minLength}`,
      maxLength === undefined ? 'true' : `v.length <= ${maxLength}`,
      pattern === undefined ? 'true' : `${constant(new RegExp(pattern))}.test(v)`,
      clean === undefined ? 'true' : `${constant((text: string) => clean(text, []) === text)}(v)`,
      '(e = text(v)) !== undefined',
    ),
  enum: ({ type }, { clean }) => {
    const values = type.kind === 'enum' ? type.values : [];
    const kept = values.filter((value) => clean === undefined || clean(value, []) === value);
    const cases = kept.map((value) => `case ${JSON.stringify(value)}: e = ${quoted(encodeText(value))}; break;`);
    return `switch (v) { ${cases.join(' ')} default: return undefined; }`;
  },
  int32: (column) => `${must(`typeof v === 'number'`, '(v | 0) === v', ...bounds(column))}e = v | 0;`,
  int64: () => 'return undefined;',
  double: (column) => `${must(`typeof v === 'number'`, 'Number.isFinite(v)', ...bounds(column))}e = double(v);`,
  decimal: ({ type, minimum, maximum }, { constant }) => {
    if (type.kind !== 'decimal' || minimum !== undefined || maximum !== undefined) return 'return undefined;';
    return must(`typeof v === 'string'`, `${constant(new RegExp(decimalPattern(type)))}.test(v)`) + QUOTED;
  },
  boolean: () =>
    `if (v === true || v === 1) e = 'true'; else if (v === false || v === 0) e = 'false'; else return undefined;`,
  date: () => must('isDate(v)') + QUOTED,
  timestamp: () => must('isTimestamp(v)') + QUOTED,
  array: () => 'return undefined;',
  struct: () => 'return undefined;',
};

const QUOTED = `e = '"' + v + '"';`;

function pseudonym(pseudonymise: string): string {
  return `${must(`typeof v === 'string'`, 'text(v) !== undefined', `v.trim() !== ''`)}e = '"' + ${pseudonymise}(v) + '"';`;
}

function isPersonal({ privacy }: Column): boolean {
  return privacy === 'pseudonym';
}

function bounds({ minimum, maximum }: Column): string[] {
  return [minimum === undefined ? 'true' : `v >= ${minimum}`, maximum === undefined ? 'true' : `v <= ${maximum}`];
}

function must(...conditions: readonly string[]): string {
  return `if (!(${conditions.filter((it) => it !== 'true').join(' && ')})) return undefined; `;
}

function append(label: string, expression: string): string {
  return `s += comma + ${quoted(label)} + ${expression}; comma = ',';`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The JSON of a text that UTF-8 can hold and that has no NUL. */
function sureText(value: string): string | undefined {
  if (PLAIN.test(value)) return `"${value}"`;
  return value.includes('\0') || /\p{Surrogate}/u.test(value) ? undefined : encodeText(value);
}

/** Nothing that JSON would escape. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
