import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { planWith } from '../../test/engines/arbitrary-plan.ts';
import { statisticsOfFew } from './few-values.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { DatasetPlan, LakeType } from './plan.ts';
import { toParquet } from './to-parquet.ts';

const VALUES: readonly (readonly [LakeType, fc.Arbitrary<unknown>])[] = [
  [{ kind: 'string' }, fc.string({ unit: 'binary', maxLength: 30 })],
  [{ kind: 'string' }, fc.constantFrom('\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', 'a', '', 'é')],
  [{ kind: 'int32' }, fc.integer({ min: -5, max: 5 })],
  [{ kind: 'int64' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [{ kind: 'double' }, fc.oneof(fc.constantFrom(0, -0, 1, -1), fc.double({ noNaN: true, noDefaultInfinity: true }))],
  [{ kind: 'boolean' }, fc.boolean()],
];

test.each(VALUES)('a column of few values %o has the statistics that the writer finds by itself', (type, value) => {
  const plan = planWith([{ type, nullable: true }]);
  fc.assert(
    fc.property(fc.array(fc.option(value), { minLength: 1, maxLength: 60 }), (data) => {
      const rows = data.map((it) => ({ column_0: it }));
      expect(chunkOf(toParquet(plan, rows))).toEqual(chunkOf(writtenAlone(plan, data)));
    }),
  );
});

test('a column of many values is left to the writer', () => {
  expect(statisticsOfFew(Array.from({ length: 1001 }, (_, index) => index))).toBeUndefined();
  expect(statisticsOfFew(Array.from({ length: 100_000 }, (_, index) => index % 1000))).toMatchObject({
    max_value: 999,
  });
});

function writtenAlone(plan: DatasetPlan, data: unknown[]): Uint8Array {
  const schema = parquetSchema(plan) as NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'column_0', data }], schema }));
}

function chunkOf(bytes: Uint8Array) {
  const metaData = parquetMetadata(bytes.slice().buffer).row_groups[0]?.columns[0]?.meta_data;
  return { statistics: metaData?.statistics, encodings: metaData?.encoding_stats, kept: metaData?.encodings };
}
