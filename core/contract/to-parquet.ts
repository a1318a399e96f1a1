/** Clean rows as one Parquet file, for a Lambda's batches; whole files are written by DuckDB. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { compileColumnFiller } from './column-filler.ts';
import { describeChunk, statisticsOfFew } from './few-values.ts';
import { parquetSchema } from './parquet-schema.ts';
import { type DatasetPlan, type LakeField, storedColumns } from './plan.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows in a row group: DuckDB's own, so that readers find the same shape whoever wrote. */
export const ROW_GROUP_ROWS = 122_880;
/** A quarter of the writer's own, so that an index can pass over pages; a page compresses no worse. */
const PAGE_BYTES = 262_144;
/** Customers come again. By itself the writer keeps a dictionary only where it halves the bytes. */
const REPEATING = { encoding: 'RLE_DICTIONARY' } as const;

/** Takes rows batch by batch; holds one row group of values and the compressed bytes of those before. */
export interface RowsToParquet {
  write(rows: readonly Row[]): void;
  /** The bytes of the whole file. Nothing can be written afterwards. */
  finish(): Uint8Array;
}

/**
 * The rows as the bytes of a Parquet file: snappy, with statistics, dictionaries, column and offset index.
 *
 * Rows must keep the contract (see `compileValidator`); other keys than the stored columns are left out.
 * Throws where a required value is missing.
 */
export function toParquet(plan: DatasetPlan, rows: readonly Row[]): Uint8Array {
  const writer = parquetWriter(plan);
  writer.write(rows);
  return writer.finish();
}

/** The same file as `toParquet` makes, from any number of batches. */
export function parquetWriter(plan: DatasetPlan): RowsToParquet {
  const bytes = new ByteWriter();
  const schema = parquetSchema(plan) as ConstructorParameters<typeof ParquetWriter>[0]['schema'];
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'laketwin' });
  const stored = storedColumns(plan);
  const fill = compileColumnFiller(plan);
  const searched = searchedColumns(plan);
  const flat = stored.map(isFlat);
  let columns: unknown[][] = [];
  let held = 0;

  return { write, finish };

  function write(rows: readonly Row[]): void {
    for (let from = 0; from < rows.length; ) {
      if (held === 0) columns = stored.map(() => new Array(Math.min(rows.length - from, ROW_GROUP_ROWS)));
      const to = Math.min(rows.length, from + ROW_GROUP_ROWS - held);
      fill(rows, from, to, columns, held);
      held += to - from;
      from = to;
      if (held === ROW_GROUP_ROWS) closeRowGroup();
    }
  }

  function finish(): Uint8Array {
    if (held > 0) closeRowGroup();
    file.finish();
    return bytes.getBytes();
  }

  function closeRowGroup(): void {
    const few = columns.map((values, index) => (flat[index] ? statisticsOfFew(values) : undefined));
    const columnData = stored.map((column, index) => ({
      name: column.name,
      data: columns[index] ?? [],
      statistics: few[index] === undefined,
      columnIndex: searched.has(column.name) && flat[index] === true,
      offsetIndex: flat[index] === true,
      ...(column.privacy === 'pseudonym' ? REPEATING : {}),
    }));
    const before = file.pendingIndexes.length;
    file.write({ columnData, rowGroupSize: held, pageSize: PAGE_BYTES });
    for (const { chunk, offsetIndex } of file.pendingIndexes.slice(before)) {
      const statistics = few[stored.findIndex(({ name }) => name === chunk.meta_data?.path_in_schema[0])];
      if (statistics !== undefined) describeChunk(chunk, statistics, offsetIndex?.page_locations.length ?? 1);
    }
    columns = [];
    held = 0;
  }
}

/** Columns that rows are looked for by: an index of every column would cost a fifth of the time. */
function searchedColumns({ columns, key, newestBy }: DatasetPlan): ReadonlySet<string> {
  const times = columns.filter(({ type }) => type.kind === 'timestamp' || type.kind === 'date');
  return new Set([...key, ...newestBy, ...times.map(({ name }) => name)]);
}

/** Nobody looks for rows by a list or a structure, so these carry no index. */
function isFlat({ type }: LakeField): boolean {
  return type.kind !== 'array' && type.kind !== 'struct';
}
