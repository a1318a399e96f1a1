import type { BrokenCount, BrokenKind, GeneratedBatch, TextFormat } from './dataset-generator.ts';
import { csvCell } from './line-encoder.ts';
import { randomStream } from './random.ts';

const STREAM = 0x62726f6b;

/** Breaks a share of the rows, each in one of the ways that fit the file, and counts them. */
export class RowBreaker {
  readonly #kinds: readonly BrokenKind[];
  readonly #counts: number[];
  readonly #format: TextFormat;
  readonly #random: () => number;
  readonly #below: number;

  constructor(options: {
    readonly kinds: readonly BrokenKind[];
    readonly columns: readonly string[];
    readonly format: TextFormat;
    readonly share: number;
    readonly seed: number;
  }) {
    const { kinds, columns, format, share, seed } = options;
    if (!(share >= 0 && share <= 1)) throw new Error(`a share of broken rows of ${share}, expected 0 to 1`);
    this.#kinds = kinds.filter((kind) => fits(kind, columns, format));
    this.#counts = this.#kinds.map(() => 0);
    this.#format = format;
    this.#random = randomStream(seed, STREAM);
    this.#below = share * 2 ** 32;
  }

  /** Whether the next row is to be broken. */
  draw(): boolean {
    return this.#below > 0 && this.#random() < this.#below;
  }

  /**
   * The line of a row broken in some way, with its line end.
   *
   * @param line the row as it should be, without its line end.
   * @param above the line written last if that one is whole.
   */
  breakLine(batch: GeneratedBatch, row: number, line: Buffer, above: Buffer | undefined): Buffer {
    let place = this.#random() % this.#kinds.length;
    while (above === undefined && this.#kinds[place]?.change === 'repeat') place = (place + 1) % this.#kinds.length;
    const { change } = this.#kinds[place] as BrokenKind;
    this.#counts[place] = (this.#counts[place] as number) + 1;
    if (change === 'repeat') return withLineEnd(above as Buffer);
    if ('line' in change) return withLineEnd(change.line(line));
    return withLineEnd(Buffer.from(this.#withCell(batch, row, change.column, change.to), 'utf8'));
  }

  counts(): BrokenCount[] {
    return this.#kinds.map(({ name, outcome, by }, place) => ({
      kind: name,
      outcome,
      ...(by === undefined ? {} : { by }),
      rows: this.#counts[place] as number,
    }));
  }

  #withCell(batch: GeneratedBatch, row: number, changed: string, to: (text: string) => string): string {
    const cells = batch.columns.map((column) => {
      const text = column.parts.map((part) => part.texts[part.codes[row] as number]).join('');
      return { column, text: column.name === changed ? to(text) : text };
    });
    if (this.#format === 'csv') return cells.map(({ text }) => csvCell(text)).join(',');
    const values = cells.map(({ column, text }) => {
      if (column.name === changed || column.json === 'string') return [column.name, text === '' ? null : text];
      return [column.name, column.json === 'boolean' ? text === '1' : Number(text)];
    });
    return JSON.stringify(Object.fromEntries(values));
  }
}

function fits(
  { formats, needs, without, change }: BrokenKind,
  columns: readonly string[],
  format: TextFormat,
): boolean {
  const needed = [...(needs ?? []), ...(typeof change === 'object' && 'column' in change ? [change.column] : [])];
  return (
    formats.includes(format) &&
    needed.every((column) => columns.includes(column)) &&
    !(without ?? []).some((column) => columns.includes(column))
  );
}

function withLineEnd(line: Buffer): Buffer {
  return Buffer.concat([line, Buffer.from('\n')]);
}
