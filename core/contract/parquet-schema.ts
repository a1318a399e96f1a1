/**
 * The Parquet schema of a dataset's stored columns.
 *
 * Timestamps are microseconds adjusted to UTC: DuckDB, Spark, Trino and pyarrow all read that as an instant, and it
 * is what Spark, DuckDB and pyarrow themselves write, so files of several writers agree. The older annotation stands
 * beside the newer one, because readers that know only the older would see plain numbers.
 * Spark refuses instants before 1900 and days before 1582 of any writer but itself, unless it is told
 * `spark.sql.parquet.datetimeRebaseModeInRead=CORRECTED`; the calendar here is the proleptic Gregorian one.
 *
 * Decimals are 64-bit up to 18 digits and fixed bytes above, both exact. Lists have the three levels of the standard.
 */
import type { DatasetPlan, LakeField, LakeKind, NamedField } from './plan.ts';
import { storedColumns } from './plan.ts';

/** One node of a Parquet schema, as the Parquet format and hyparquet-writer name it. */
export interface SchemaElement {
  readonly name: string;
  readonly type?: 'BOOLEAN' | 'INT32' | 'INT64' | 'DOUBLE' | 'BYTE_ARRAY' | 'FIXED_LEN_BYTE_ARRAY';
  readonly type_length?: number;
  readonly repetition_type?: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  readonly num_children?: number;
  readonly converted_type?: 'UTF8' | 'DATE' | 'DECIMAL' | 'LIST' | 'TIMESTAMP_MICROS';
  readonly logical_type?: { readonly type: 'TIMESTAMP'; readonly isAdjustedToUTC: true; readonly unit: 'MICROS' };
  readonly precision?: number;
  readonly scale?: number;
}

/** Largest precision that 64 bits hold. */
const INT64_DIGITS = 18;

/** The flattened schema: the root, then each stored column with its children, depth first. */
export function parquetSchema(plan: DatasetPlan): SchemaElement[] {
  const columns = storedColumns(plan);
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elements)];
}

function elements(field: NamedField): SchemaElement[] {
  return ELEMENTS[field.type.kind](field.name, field);
}

const ELEMENTS: Record<LakeKind, (name: string, field: LakeField) => SchemaElement[]> = {
  string: leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
  enum: leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
  int32: leaf({ type: 'INT32' }),
  int64: leaf({ type: 'INT64' }),
  double: leaf({ type: 'DOUBLE' }),
  decimal: (name, field) => {
    if (field.type.kind !== 'decimal') return [];
    const { precision, scale } = field.type;
    const storage = precision <= INT64_DIGITS ? ({ type: 'INT64' } as const) : fixedBytes(precision);
    return leaf({ ...storage, converted_type: 'DECIMAL', precision, scale })(name, field);
  },
  boolean: leaf({ type: 'BOOLEAN' }),
  date: leaf({ type: 'INT32', converted_type: 'DATE' }),
  timestamp: leaf({
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  }),
  array: (name, field) => {
    if (field.type.kind !== 'array') return [];
    return [
      { name, repetition_type: repetition(field), num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...ELEMENTS[field.type.element.type.kind]('element', field.type.element),
    ];
  },
  struct: (name, field) => {
    if (field.type.kind !== 'struct') return [];
    const { fields } = field.type;
    return [{ name, repetition_type: repetition(field), num_children: fields.length }, ...fields.flatMap(elements)];
  },
};

function leaf(element: Omit<SchemaElement, 'name' | 'repetition_type'>) {
  return (name: string, field: LakeField): SchemaElement[] => [
    { name, repetition_type: repetition(field), ...element },
  ];
}

function repetition({ nullable }: LakeField): 'OPTIONAL' | 'REQUIRED' {
  return nullable ? 'OPTIONAL' : 'REQUIRED';
}

/** The fewest bytes that hold `10^precision` in two's complement. */
function fixedBytes(precision: number) {
  const bits = (10n ** BigInt(precision)).toString(2).length + 1;
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: Math.ceil(bits / 8) } as const;
}
