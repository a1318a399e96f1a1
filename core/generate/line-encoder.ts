import type { GeneratedBatch, GeneratedColumn, TextFormat } from './dataset-generator.ts';

/** Writes the rows of batches as lines, by copying bytes that were encoded once for each text of a dictionary. */
export interface LineEncoder {
  /** Bytes that no line exceeds. */
  readonly maxLineBytes: number;
  /** Prepares to write rows of one batch. */
  open(batch: GeneratedBatch): WriteRows;
}

/** Writes rows from one up to, not including, another, each with its line end; gives back where they end. */
export type WriteRows = (from: number, to: number, out: Uint8Array, at: number) => number;

/**
 * Prepares the bytes of every text.
 *
 * @param columns of any batch of the generator; later batches must have the same texts.
 */
export function lineEncoder(columns: readonly GeneratedColumn[], format: TextFormat): LineEncoder {
  const { pool, starts, firsts, maxLineBytes } = packTexts(columns, format);
  return {
    maxLineBytes,
    open(batch) {
      const codes = batch.columns.flatMap((column) => column.parts.map((part) => part.codes));
      return (from, to, out, begin) => {
        let at = begin;
        for (let row = from; row < to; row++) {
          for (let part = 0; part < codes.length; part++) {
            const text = (firsts[part] as number) + ((codes[part] as Uint16Array)[row] as number);
            const end = starts[text + 1] as number;
            for (let byte = starts[text] as number; byte < end; byte++) out[at++] = pool[byte] as number;
          }
        }
        return at;
      };
    },
  };
}

/** All texts one after the other, where each starts, and the first text of each part. */
function packTexts(columns: readonly GeneratedColumn[], format: TextFormat) {
  const texts: Buffer[] = [];
  const firsts: number[] = [];
  let maxLineBytes = 0;
  for (const [index, column] of columns.entries()) {
    const frame = format === 'csv' ? csvFrame(index, columns.length) : jsonFrame(column, index, columns.length);
    for (const [place, part] of column.parts.entries()) {
      firsts.push(texts.length);
      const isFirst = place === 0;
      const isLast = place === column.parts.length - 1;
      const encoded = part.texts.map((text) => Buffer.from(frame(text, isFirst, isLast), 'utf8'));
      texts.push(...encoded);
      maxLineBytes += encoded.reduce((most, bytes) => Math.max(most, bytes.length), 0);
    }
  }
  const starts = new Uint32Array(texts.length + 1);
  for (const [index, text] of texts.entries()) starts[index + 1] = (starts[index] as number) + text.length;
  return { pool: new Uint8Array(Buffer.concat(texts)), starts, firsts: Uint32Array.from(firsts), maxLineBytes };
}

type Frame = (text: string, isFirst: boolean, isLast: boolean) => string;

function csvFrame(index: number, columns: number): Frame {
  const end = index === columns - 1 ? '\n' : ',';
  return (text, isFirst, isLast) => (isFirst && isLast ? csvCell(text) : text) + (isLast ? end : '');
}

function jsonFrame({ name, json }: GeneratedColumn, index: number, columns: number): Frame {
  const start = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
  const end = index === columns - 1 ? '}\n' : '';
  const quote = json === 'string' ? '"' : '';
  const inner = (text: string) => {
    if (json === 'string') return JSON.stringify(text).slice(1, -1);
    return json === 'boolean' ? String(text === '1') : text;
  };
  return (text, isFirst, isLast) => {
    if (text === '') return (isFirst ? `${start}null` : '') + (isLast ? end : '');
    return (isFirst ? start + quote : '') + inner(text) + (isLast ? quote + end : '');
  };
}

/** A cell of a csv, in quotes where it needs them. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
