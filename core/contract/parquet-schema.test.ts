import { expect, test } from 'vitest';
import { planWith } from '../../test/engines/arbitrary-plan.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { LakeField } from './plan.ts';

const elementsOf = (field: LakeField) => parquetSchema(planWith([field])).slice(1);
const text: LakeField = { type: { kind: 'string' }, nullable: true };

test('a list has the three levels of the standard, so an empty list, a null and a list of a null differ', () => {
  const list = elementsOf({ type: { kind: 'array', element: text }, nullable: true });
  expect(list.map(({ name, repetition_type }) => `${name} ${repetition_type}`)).toEqual([
    'column_0 OPTIONAL',
    'list REPEATED',
    'element OPTIONAL',
  ]);
});

test('an instant is annotated for old and for new readers as adjusted to UTC', () => {
  expect(elementsOf({ type: { kind: 'timestamp' }, nullable: false })).toEqual([
    {
      name: 'column_0',
      repetition_type: 'REQUIRED',
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    },
  ]);
});

test('a decimal is 64 bits up to 18 digits and above as few bytes as hold it', () => {
  const storage = (precision: number) => {
    const [element] = elementsOf({ type: { kind: 'decimal', precision, scale: 2 }, nullable: false });
    return `${element?.type} ${element?.type_length ?? 8}`;
  };
  expect([9, 18, 19, 24, 38].map(storage)).toEqual([
    'INT64 8',
    'INT64 8',
    'FIXED_LEN_BYTE_ARRAY 9',
    'FIXED_LEN_BYTE_ARRAY 11',
    'FIXED_LEN_BYTE_ARRAY 16',
  ]);
});
