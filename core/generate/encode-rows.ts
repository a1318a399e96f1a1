import { RowBreaker } from './break-rows.ts';
import {
  BATCH_ROWS,
  type BrokenCount,
  type DatasetGenerator,
  type GeneratedBatch,
  type TextFormat,
} from './dataset-generator.ts';
import { csvCell, type LineEncoder, lineEncoder } from './line-encoder.ts';

export interface EncodeOptions {
  readonly rows: number;
  readonly seed: number;
  readonly format: TextFormat;
  /** Share of broken rows, 0 to 1. */
  readonly dirty?: number;
  /** Columns to write, in the generator's order; its default columns unless given. */
  readonly columns?: readonly string[];
}

/** One piece of the file; the bytes are the caller's. */
export interface EncodedPiece {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** The bytes of a file of generated rows, piece by piece; gives back the count of each broken kind at its end. */
export function* encodeRows(
  generator: DatasetGenerator,
  { rows, seed, format, dirty = 0, columns = generator.defaultColumns }: EncodeOptions,
): Generator<EncodedPiece, BrokenCount[]> {
  checkOptions(generator, rows, seed, columns);
  const breaker = new RowBreaker({ kinds: generator.brokenKinds, columns, format, share: dirty, seed });
  const draw = generator.open({ rows, seed });
  const only = ({ rows, columns: all }: GeneratedBatch) => ({
    rows,
    columns: all.filter(({ name }) => columns.includes(name)),
  });
  yield { bytes: Buffer.from(start(generator, columns, format)), rows: 0 };
  let encoder: LineEncoder | undefined;
  for (let index = 0; index * BATCH_ROWS < rows; index++) {
    const batch = only(draw(index));
    encoder ??= lineEncoder(batch.columns, format);
    const bytes = dirty > 0 ? encodeDirty(batch, encoder, breaker) : encodeClean(batch, encoder);
    yield { bytes: format === 'json' ? asElements(bytes, index === 0) : bytes, rows: batch.rows };
  }
  if (format === 'json') yield { bytes: Buffer.from('\n]\n'), rows: 0 };
  return breaker.counts();
}

function checkOptions(generator: DatasetGenerator, rows: number, seed: number, columns: readonly string[]): void {
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw new Error(`${rows} rows to generate, expected a whole number from 0`);
  if (!Number.isSafeInteger(seed)) throw new Error(`a seed of ${seed}, expected a whole number`);
  const unknown = columns.find((column) => !generator.columns.includes(column));
  if (unknown !== undefined) {
    throw new Error(`no column '${unknown}' to generate, expected some of ${generator.columns.join(', ')}`);
  }
}

function start(generator: DatasetGenerator, columns: readonly string[], format: TextFormat): string {
  if (format === 'json') return '[';
  if (format === 'jsonl') return '';
  return `${generator.columns
    .filter((column) => columns.includes(column))
    .map(csvCell)
    .join(',')}\n`;
}

function encodeClean(batch: GeneratedBatch, encoder: LineEncoder): Buffer {
  const out = Buffer.allocUnsafe(batch.rows * encoder.maxLineBytes);
  return out.subarray(0, encoder.open(batch)(0, batch.rows, out, 0));
}

function encodeDirty(batch: GeneratedBatch, encoder: LineEncoder, breaker: RowBreaker): Buffer {
  const write = encoder.open(batch);
  const pieces: Buffer[] = [];
  const out = Buffer.allocUnsafe(batch.rows * encoder.maxLineBytes);
  let at = 0;
  let written = 0; // of `out`, what is in `pieces`
  let above: Buffer | undefined;
  for (let row = 0; row < batch.rows; row++) {
    const end = write(row, row + 1, out, at);
    const line = out.subarray(at, end - 1);
    if (breaker.draw()) {
      pieces.push(out.subarray(written, at), breaker.breakLine(batch, row, line, above));
      written = end;
      above = undefined;
    } else above = line;
    at = end;
  }
  pieces.push(out.subarray(written, at));
  return Buffer.concat(pieces);
}

/** Lines as elements of a JSON array: a comma before each but the first. */
function asElements(lines: Buffer, isFirst: boolean): Buffer {
  const text = lines.toString('utf8').trimEnd().replaceAll('\n', ',\n');
  return Buffer.from(`${isFirst ? '\n' : ',\n'}${text}`);
}
