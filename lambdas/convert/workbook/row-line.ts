import { Buffer } from 'node:buffer';
import { oddLine, rejectedLine } from '../marked-line.ts';
import { tooLongLine } from '../write-records.ts';
import type { SheetRow } from './read-sheet.ts';

/** The line of a row without a filled cell. */
export const BLANK_LINE = '\x1e\n';

/**
 * A row of a sheet as a line of a shard (see `Shard`). It gets the width of the header, unless something stands beside
 * the header's columns: then it is rejected for its width, as the row of a csv is.
 */
export function rowLine({ cells, length, fault }: SheetRow, width: number, maxLineBytes: number): string {
  if (length === 0 && fault === undefined) return BLANK_LINE;
  const padded = cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : cells;
  const text = padded.map(csvCell).join(',');
  const bytes = Buffer.byteLength(text);
  if (bytes > maxLineBytes || length > maxLineBytes) {
    return tooLongLine(Buffer.from(text), Math.max(bytes, length), maxLineBytes).toString('latin1');
  }
  if (fault !== undefined) return rejectedLine('row:cell', fault, Buffer.from(text)).toString('latin1');
  if (LONE_SURROGATE.test(text)) return rejectedLine('row:encoding', BAD_TEXT, Buffer.from(text)).toString('latin1');
  if (ODD.test(text)) return oddLine(Buffer.from(text)).toString('latin1');
  return `${text.replaceAll('\n', '\x1e')}\n`;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const BAD_TEXT = 'a cell holds half of a character';
/** Control characters other than tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those of the shards' own marks among them
const ODD = /[\0-\x08\x0b-\x1f]/;

function csvCell(text: string): string {
  const plain = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
