import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column, DatasetPlan, LakeType } from '../contract/plan.ts';
import { compileRowEncoder } from './encode-row.ts';

function planOf(types: Record<string, LakeType>, privacy: Column['privacy'] = 'none'): DatasetPlan {
  const columns = Object.entries(types).map(
    ([name, type]): Column => ({ name, type, nullable: true, description: name, privacy, origin: 'source' }),
  );
  return {
    name: 'test',
    description: 'test',
    key: [],
    partitionBy: 'ingest_date',
    columns,
    newestBy: [],
    retention: { rawDays: 1, processedDays: 1 },
    clean: [],
    maxRejectedShare: 1,
  };
}

const encode = compileRowEncoder(
  planOf({
    text: { kind: 'string' },
    channel: { kind: 'enum', values: ['Internet', 'Mobile'] },
    small: { kind: 'int32' },
    large: { kind: 'int64' },
    ratio: { kind: 'double' },
    price: { kind: 'decimal', precision: 12, scale: 2 },
    paid: { kind: 'boolean' },
    day: { kind: 'date' },
    at: { kind: 'timestamp' },
    tags: { kind: 'array', element: { type: { kind: 'string' }, nullable: true } },
    'odd "name"\\': {
      kind: 'struct',
      fields: [
        { name: 'id', description: 'id', type: { kind: 'int64' }, nullable: false },
        { name: 'note', description: 'note', type: { kind: 'string' }, nullable: true },
      ],
    },
  }),
);

test('numbers beyond 2^53 keep every digit and money stays text', () => {
  const line = encode({
    large: 9223372036854775807n,
    price: '9999999999.99',
    ratio: -0,
    at: '2024-05-01T09:30:00.000Z',
    'odd "name"\\': { id: -9223372036854775808n, note: null },
  });
  expect(line).toBe(
    '{"large":9223372036854775807,"ratio":-0.0,"price":"9999999999.99","at":"2024-05-01T09:30:00.000Z","odd \\"name\\"\\\\":{"id":-9223372036854775808,"note":null}}\n',
  );
});

test('a line is what JSON.stringify would write, without nulls and unknown columns', () => {
  const cell = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
  const row = fc.record({
    text: cell(fc.string({ unit: 'binary' })),
    channel: cell(fc.constantFrom('Internet', 'Mobile')),
    small: cell(fc.integer()),
    ratio: cell(fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0))),
    paid: cell(fc.boolean()),
    day: cell(fc.constant('2024-02-29')),
    tags: cell(fc.array(cell(fc.string({ unit: 'binary' })))),
    __proto__: fc.constant('ignored'),
    unknown: fc.constant('ignored'),
  });
  fc.assert(
    fc.property(row, ({ unknown, ...known }) => {
      const expected = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
      expect(encode({ ...known, unknown })).toBe(`${JSON.stringify(expected)}\n`);
    }),
    { numRuns: 2000 },
  );
});

test('half a surrogate pair becomes U+FFFD, since UTF-8 cannot hold it', () => {
  expect(encode({ text: 'a\ud800b😀' })).toBe('{"text":"a\ufffdb😀"}\n');
});

test('a column that is dropped for privacy is never encoded', () => {
  expect(compileRowEncoder(planOf({ phone: { kind: 'string' } }, 'drop'))({ phone: '+33 6 00 00 00 00' })).toBe('{}\n');
});
