import fc from 'fast-check';
import type { Column, DatasetPlan, LakeField, LakeKind, LakeType } from '../../core/contract/plan.ts';

/** Plans of any columns: every type, null or not, lists and structures three deep. */
export function arbitraryPlan(): fc.Arbitrary<DatasetPlan> {
  return fc.array(field(3), { minLength: 1, maxLength: 8 }).map((fields) => planWith(fields));
}

/** A plan of the fields, named `column_0` on. */
export function planWith(fields: readonly LakeField[]): DatasetPlan {
  const columns = fields.map(
    (it, index): Column => ({
      ...it,
      name: `column_${index}`,
      description: 'Any column.',
      privacy: 'none',
      origin: 'source',
    }),
  );
  return {
    name: 'any_table',
    description: 'One row per row.',
    key: ['column_0'],
    partitionBy: 'ingest_date',
    columns,
    newestBy: ['column_0'],
    retention: { rawDays: 90, processedDays: 90 },
    clean: [],
    maxRejectedShare: 0.05,
  };
}

function field(depth: number): fc.Arbitrary<LakeField> {
  const kinds = (Object.keys(TYPES) as LakeKind[]).filter(
    (kind) => depth > 0 || (kind !== 'array' && kind !== 'struct'),
  );
  const type = fc.constantFrom(...kinds).chain((kind) => TYPES[kind](depth - 1));
  return fc.record({ type, nullable: fc.boolean() });
}

const TYPES: Record<LakeKind, (depth: number) => fc.Arbitrary<LakeType>> = {
  string: () => fc.constant({ kind: 'string' }),
  enum: () => fc.constant({ kind: 'enum', values: ['one', 'zwei', "trois'"] }),
  int32: () => fc.constant({ kind: 'int32' }),
  int64: () => fc.constant({ kind: 'int64' }),
  double: () => fc.constant({ kind: 'double' }),
  decimal: () =>
    fc
      .integer({ min: 1, max: 38 })
      .chain((precision) =>
        fc.record({ precision: fc.constant(precision), scale: fc.integer({ min: 0, max: precision }) }),
      )
      .map((type) => ({ kind: 'decimal', ...type })),
  boolean: () => fc.constant({ kind: 'boolean' }),
  date: () => fc.constant({ kind: 'date' }),
  timestamp: () => fc.constant({ kind: 'timestamp' }),
  array: (depth) => field(depth).map((element) => ({ kind: 'array', element })),
  struct: (depth) =>
    fc.array(field(depth), { minLength: 1, maxLength: 3 }).map((fields) => ({
      kind: 'struct',
      fields: fields.map((it, index) => ({ ...it, name: `field_${index}`, description: 'Any field.' })),
    })),
};
