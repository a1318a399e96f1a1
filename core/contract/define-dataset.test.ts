import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { bookings } from '../../datasets/bookings/contract.ts';
import { defineDataset, planOf } from './define-dataset.ts';
import { date, decimal, int64, timestamp } from './types.ts';

const text = z.string().meta({ description: 'A text.' });

function define(shape: Record<string, z.ZodType>, more: object = {}) {
  return defineDataset({
    name: 'things',
    description: 'One row per thing.',
    key: ['id'],
    retention: { rawDays: 1, processedDays: 1 },
    row: z.object({ id: text, ...shape }),
    ...more,
  } as unknown as Parameters<typeof defineDataset>[0]);
}

function columnOf(type: z.ZodType) {
  const column = define({ it: type.meta({ ...type.meta(), description: 'It.' }) }).columns[1];
  const { name: _name, description: _description, privacy: _privacy, origin: _origin, ...field } = column ?? {};
  return field;
}

describe('a column is read from its zod type', () => {
  test.each<[string, z.ZodType, object]>([
    ['text', z.string().min(1).max(5), { type: { kind: 'string' }, nullable: false, minLength: 1, maxLength: 5 }],
    ['text of a shape', z.string().regex(/^a$/), { type: { kind: 'string' }, nullable: false, pattern: '^a$' }],
    ['one of a list', z.enum(['a', 'b']), { type: { kind: 'enum', values: ['a', 'b'] }, nullable: false }],
    ['small whole number', z.int().min(1).max(9), { type: { kind: 'int32' }, nullable: false, minimum: 1, maximum: 9 }],
    ['large whole number', int64({ minimum: 1n }), { type: { kind: 'int64' }, nullable: false, minimum: '1' }],
    ['number', z.number().min(0.5), { type: { kind: 'double' }, nullable: false, minimum: 0.5 }],
    [
      'money',
      decimal(12, 2, { minimum: '0.00' }),
      { type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: false, minimum: '0.00' },
    ],
    ['yes or no', z.boolean(), { type: { kind: 'boolean' }, nullable: false }],
    ['day', date(), { type: { kind: 'date' }, nullable: false }],
    ['instant', timestamp(), { type: { kind: 'timestamp' }, nullable: false }],
    ['maybe a number', z.number().nullable(), { type: { kind: 'double' }, nullable: true }],
    ['maybe an instant', timestamp().nullable(), { type: { kind: 'timestamp' }, nullable: true }],
    ['maybe a large number', int64().nullable(), { type: { kind: 'int64' }, nullable: true }],
    [
      'list',
      z.array(z.string()).max(3),
      {
        type: { kind: 'array', element: { type: { kind: 'string' }, nullable: false } },
        nullable: false,
        maxLength: 3,
      },
    ],
    [
      'structure',
      z.object({ a: z.boolean().nullable() }),
      {
        type: { kind: 'struct', fields: [{ name: 'a', description: '', type: { kind: 'boolean' }, nullable: true }] },
        nullable: false,
      },
    ],
  ])('%s', (_, type, field) => {
    expect(columnOf(type)).toEqual(field);
  });
});

describe('a contract says in a sentence what it cannot take', () => {
  const described = { description: 'It.' };
  test.each<[string, Record<string, z.ZodType>, object, string]>([
    [
      'a column without description',
      { it: z.string() },
      {},
      "things.it has no description; add .meta({ description: '…' })",
    ],
    ['a transform', { it: z.string().transform(Number).meta(described) }, {}, 'things.it is a transform'],
    ['a coercion', { it: z.coerce.boolean().meta(described) }, {}, 'things.it is a coercion'],
    [
      'a refinement',
      {
        it: z
          .string()
          .refine((it) => it !== 'x')
          .meta(described),
      },
      {},
      'things.it has a refinement',
    ],
    ['a default', { it: z.string().default('x').meta(described) }, {}, 'things.it is a default'],
    ['a date object', { it: z.date().meta(described) }, {}, 'things.it is a date'],
    ['an optional column', { it: z.string().optional().meta(described) }, {}, 'things.it is optional'],
    [
      'a whole number without bounds',
      { it: z.number().int().min(-1e12).meta(described) },
      {},
      'things.it may leave 32 bits',
    ],
    [
      'a choice of types',
      { it: z.union([z.string(), z.number()]).meta(described) },
      {},
      'things.it is one of several types',
    ],
    ['an exclusive bound', { it: z.number().gt(1).meta(described) }, {}, 'things.it has an exclusive bound'],
    ['a bigint without int64()', { it: z.bigint().meta(described) }, {}, 'things.it has a type that no table holds'],
    ['a map', { it: z.record(z.string(), z.string()).meta(described) }, {}, 'things.it is a record'],
    ['a name in camel case', { itIs: text }, {}, 'the column things.itIs is not snake_case'],
    ['a column of the lineage', { source_line: text }, {}, 'things.source_line is a column that Laketwin adds itself'],
    ['the partition among the columns', { ingest_date: text }, {}, 'things.ingest_date is the partition'],
    ['a key that is no column', {}, { key: ['nope'] }, "things: the key names 'nope', which is no column"],
    ['no key', {}, { key: [] }, 'things has no key'],
    ['an order by no column', {}, { newestBy: ['nope'] }, "things: the newestBy names 'nope'"],
    [
      'a rule for no column',
      {},
      { clean: [{ name: 'r', column: 'nope', description: '', kind: 'trim' }] },
      "things: the cleaning rule r names 'nope'",
    ],
    ['a dataset name with a dash', {}, { name: 'my-things' }, "the dataset 'my-things' is not snake_case"],
  ])('fails for %s', (_, shape, more, sentence) => {
    expect(() => define(shape, more)).toThrow(sentence);
  });

  test('fails for a decimal that no engine holds', () => {
    expect(() => decimal(39, 2)).toThrow('found decimal(39, 2), expected a precision up to 38');
  });
});

test('a key that is no column does not compile', () => {
  defineDataset({
    name: 'things',
    description: 'One row per thing.',
    key: ['id', 'source_line'],
    retention: { rawDays: 1, processedDays: 1 },
    row: z.object({ id: text }),
  });
  // @ts-expect-error a privacy class that is none of the four
  text.meta({ privacy: 'oops' });
});

test('a plan is plain JSON', () => {
  const plan = planOf(bookings);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});
