/** The Spark schema of the stored columns, as `StructType.fromJson` takes it. */
import {
  type DatasetPlan,
  type LakeField,
  type LakeKind,
  type LakeType,
  type NamedField,
  storedColumns,
} from './plan.ts';

export type SparkType = string | SparkArray | SparkStruct;

export interface SparkArray {
  readonly containsNull: boolean;
  readonly elementType: SparkType;
  readonly type: 'array';
}

export interface SparkStruct {
  readonly fields: readonly SparkField[];
  readonly type: 'struct';
}

export interface SparkField {
  readonly metadata: { readonly comment?: string };
  readonly name: string;
  readonly nullable: boolean;
  readonly type: SparkType;
}

/** Keys stand in the order of PySpark's own `schema.json()`, so that `JSON.stringify` gives the same text. */
export function sparkSchema(plan: DatasetPlan): SparkStruct {
  return structOf(storedColumns(plan));
}

const SPARK_TYPES: Record<LakeKind, (type: LakeType) => SparkType> = {
  string: () => 'string',
  enum: () => 'string',
  int32: () => 'integer',
  int64: () => 'long',
  double: () => 'double',
  decimal: (type) => (type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : ''),
  boolean: () => 'boolean',
  date: () => 'date',
  timestamp: () => 'timestamp',
  array: (type) => (type.kind === 'array' ? arrayOf(type.element) : ''),
  struct: (type) => (type.kind === 'struct' ? structOf(type.fields) : ''),
};

function sparkType(type: LakeType): SparkType {
  return SPARK_TYPES[type.kind](type);
}

function arrayOf(element: LakeField): SparkArray {
  return { containsNull: element.nullable, elementType: sparkType(element.type), type: 'array' };
}

function structOf(fields: readonly NamedField[]): SparkStruct {
  return {
    fields: fields.map(({ name, type, nullable, description }) => ({
      metadata: description === '' ? {} : { comment: description },
      name,
      nullable,
      type: sparkType(type),
    })),
    type: 'struct',
  };
}
