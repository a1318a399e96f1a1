/** Rows as senders of a stream give them, good and hostile. */
import fc from 'fast-check';
import type { Column, DatasetPlan, LakeType } from '../core/contract/plan.ts';
import { sourceColumns } from '../core/contract/plan.ts';

/** The JSON text of a row of a dataset: mostly good, often with one odd value, sometimes anything. */
export function jsonRow(plan: DatasetPlan): fc.Arbitrary<string> {
  const cells = Object.fromEntries(sourceColumns(plan).map((column) => [column.name, goodValue(column)]));
  const good = fc.record(cells, { noNullPrototype: true });
  const names = [...plan.columns.map(({ name }) => name), '__proto__', 'constructor', 'toString', 'unknown'];
  const spoiled = fc.tuple(
    good,
    fc.constantFrom(...names),
    fc.oneof(
      oddValue,
      fc.jsonValue().map((value) => JSON.stringify(value)),
    ),
  );
  return fc.oneof(
    { weight: 3, arbitrary: good.map((row) => toJson(row)) },
    { weight: 6, arbitrary: spoiled.map(([row, name, json]) => toJson(row, name, json)) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        oddValue,
        fc.json(),
        fc.string({ unit: 'binary' }).filter((text) => !/^\s*$/.test(text)),
      ),
    },
  );
}

/** JSON texts of values that go wrong somewhere. */
const oddValue = fc.constantFrom(
  'null',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"Réunion"',
  '" Internet "',
  '"internet"',
  '"Monday"',
  '"5,5"',
  '"NaN"',
  'NaN',
  'Infinity',
  '1e309',
  '-0',
  '-0.0',
  '0.1',
  '1.0',
  '1e0',
  '9007199254740993',
  '1.0000000000000000001',
  '123456789012345678901234567890',
  '"1"',
  '"yes"',
  '" 7\\t"',
  '"2024-02-30T00:00:00Z"',
  '"2024-02-29T23:59:59Z"',
  '"2024-02-29 23:59:59.123456"',
  '"2024-02-29T23:59:60.000Z"',
  '"0000-01-01T00:00:00.000Z"',
  '"akl-kul"',
  '"aklkul"',
  '{"__proto__":{"x":1}}',
  '[]',
  '[[[[[[]]]]]]',
  '{}',
  `"${'x'.repeat(300)}"`,
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `"${'f'.repeat(64)}"`,
);

function toJson(row: object, name?: string, json = 'null'): string {
  const text = JSON.stringify(row);
  if (name === undefined) return text;
  // Put in as text: an object literal could not hold `__proto__`, a rounded number or the same key twice.
  return text === '{}' ? `{${JSON.stringify(name)}:${json}}` : `${text.slice(0, -1)},${JSON.stringify(name)}:${json}}`;
}

function goodValue(column: Column): fc.Arbitrary<unknown> {
  const value = valueIn(column.type, column);
  return column.nullable || column.origin === 'position' ? fc.option(value, { nil: null, freq: 4 }) : value;
}

function valueIn(type: LakeType, { minimum, maximum, pattern, minLength, maxLength }: Column): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return pattern === undefined
        ? fc.string({ minLength: Math.max(minLength ?? 1, 1), maxLength: Math.min(maxLength ?? 20, 20) })
        : fc.stringMatching(new RegExp(pattern));
    case 'enum':
      return fc.constantFrom(...type.values);
    case 'int32':
      return fc.integer({ min: Number(minimum ?? -1000), max: Number(maximum ?? 1000) });
    case 'int64':
      return fc.integer({ min: Number(minimum ?? -1_000_000), max: Number(maximum ?? 1_000_000) });
    case 'double':
      return fc.double({ min: Number(minimum ?? -1e6), max: Number(maximum ?? 1e6), noNaN: true });
    case 'decimal':
      return fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(type.scale));
    case 'boolean':
      return fc.oneof(fc.boolean(), fc.constantFrom(0, 1));
    case 'date':
      return fc
        .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10));
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
    case 'array':
    case 'struct':
      return fc.constant(null);
  }
}
