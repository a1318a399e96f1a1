import { createRequire } from 'node:module';
import { type DatasetPlan, type LakeKind, storedColumns } from '../../core/contract/plan.ts';

/** The part of parquetjs-lite that is used here; the package comes without types. */
interface ParquetJs {
  readonly ParquetSchema: new (fields: Readonly<Record<string, object>>) => object;
  readonly ParquetWriter: {
    openFile(schema: object, path: string): Promise<{ appendRow(row: object): Promise<void>; close(): Promise<void> }>;
  };
}

const { ParquetSchema, ParquetWriter } = createRequire(import.meta.url)('parquetjs-lite') as ParquetJs;

/** Clean rows as a file of the second writer. It has no decimals, and its instants are milliseconds. */
export async function writeByParquetjs(plan: DatasetPlan, rows: readonly object[], path: string): Promise<void> {
  const columns = storedColumns(plan);
  const fields = columns.map(({ name, type, nullable }) => [
    name,
    { type: TYPES[type.kind], optional: nullable, compression: 'SNAPPY' },
  ]);
  const writer = await ParquetWriter.openFile(new ParquetSchema(Object.fromEntries(fields)), path);
  for (const row of rows) {
    const values = columns.map(({ name, type }) => [name, stored(type.kind, (row as Record<string, unknown>)[name])]);
    await writer.appendRow(Object.fromEntries(values));
  }
  await writer.close();
}

const TYPES: Record<LakeKind, string | undefined> = {
  string: 'UTF8',
  enum: 'UTF8',
  int32: 'INT32',
  int64: 'INT64',
  double: 'DOUBLE',
  decimal: undefined,
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP_MILLIS',
  array: undefined,
  struct: undefined,
};

function stored(kind: LakeKind, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  return kind === 'timestamp' || kind === 'date' ? new Date(value as string) : value;
}
