/** The Glue table of a dataset: columns with Hive types, the partition key, and partition projection. */
import { Buffer } from 'node:buffer';
import { type DatasetPlan, type LakeKind, type LakeType, type NamedField, storedColumns } from './plan.ts';

export interface GlueColumn {
  readonly name: string;
  /** Type in Hive's words, such as `array<string>`. */
  readonly type: string;
  /** One line of at most 255 bytes, as Glue takes it. */
  readonly comment: string;
}

/** Longest comment that Glue takes, as UTF-8. */
const COMMENT_BYTES = 255;
const CUT = '…';

/** The stored columns in storage order. */
export function glueColumns(plan: DatasetPlan): GlueColumn[] {
  return storedColumns(plan).map(({ name, type, description, unit }) => ({
    name,
    type: hiveType(type),
    comment: oneLine(unit === undefined ? description : `${description} In ${unit}.`),
  }));
}

/** The partition key, which is in the path and not in the files. */
export function gluePartitionKeys({ partitionBy }: DatasetPlan): GlueColumn[] {
  return [{ name: partitionBy, type: 'date', comment: 'Day on which Laketwin received the row, in UTC.' }];
}

/**
 * Table parameters: the format, and partition projection over the days that rows are kept, so that no crawler and no
 * `MSCK REPAIR` is ever needed and a new day is there at once.
 *
 * `location` is the folder of the table, as in `s3://bucket/bookings`, with or without a slash at its end.
 */
export function glueParameters(plan: DatasetPlan, location: string): Readonly<Record<string, string>> {
  const { partitionBy, retention } = plan;
  return {
    EXTERNAL: 'TRUE',
    classification: 'parquet',
    'projection.enabled': 'true',
    [`projection.${partitionBy}.type`]: 'date',
    [`projection.${partitionBy}.format`]: 'yyyy-MM-dd',
    [`projection.${partitionBy}.range`]: `NOW-${retention.processedDays}DAYS,NOW`,
    [`projection.${partitionBy}.interval`]: '1',
    [`projection.${partitionBy}.interval.unit`]: 'DAYS',
    'storage.location.template': `${folder(location)}${partitionBy}=\${${partitionBy}}/`,
  };
}

/** The type in Hive's words, which Glue, Athena DDL and Spark understand. */
export function hiveType(type: LakeType): string {
  return HIVE_TYPES[type.kind](type);
}

const HIVE_TYPES: Record<LakeKind, (type: LakeType) => string> = {
  string: () => 'string',
  enum: () => 'string',
  int32: () => 'int',
  int64: () => 'bigint',
  double: () => 'double',
  decimal: (type) => (type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : ''),
  boolean: () => 'boolean',
  date: () => 'date',
  timestamp: () => 'timestamp',
  array: (type) => (type.kind === 'array' ? `array<${hiveType(type.element.type)}>` : ''),
  struct: (type) => (type.kind === 'struct' ? `struct<${type.fields.map(hiveField).join(',')}>` : ''),
};

function hiveField({ name, type }: NamedField): string {
  return `${name}:${hiveType(type)}`;
}

/** A location with exactly one slash at its end. */
export function folder(location: string): string {
  return `${location.replace(/\/+$/, '')}/`;
}

/** Text as one line that a comment can hold, cut where it is too long. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (Buffer.byteLength(line) <= COMMENT_BYTES) return line;
  const { read } = new TextEncoder().encodeInto(line, new Uint8Array(COMMENT_BYTES - Buffer.byteLength(CUT)));
  return `${line.slice(0, read)}${CUT}`;
}
