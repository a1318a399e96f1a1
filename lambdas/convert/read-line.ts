import { Buffer, isUtf8 } from 'node:buffer';
import type { HeaderMap } from '../../core/etl/header-map.ts';
import type { Position, ReadRow, RowReader } from '../../core/etl/read-row.ts';
import { splitLine } from '../../core/etl/split-line.ts';

/** What a line of a shard comes to, and the bytes it stood for. */
export interface ReadLine {
  readonly outcome: ReadRow;
  readonly raw: string;
  readonly rawEncoding: 'text' | 'base64';
  /** Length of the whole record in the source's text as UTF-8; `raw` may be cut. */
  readonly rawBytes: number;
}

/** How the records of a source are read. */
export type RecordFormat =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly header: HeaderMap }
  | { readonly kind: 'json' };

/** Reads one line of a shard, marked or not (see `Shard`); never a placeholder. */
export function readLine(line: string, format: RecordFormat, reader: RowReader, position: Position): ReadLine {
  if (line.startsWith('\x1d')) return finished(line.slice(1));
  const text = line.startsWith('\x1c')
    ? Buffer.from(line.slice(1), 'base64').toString('utf8')
    : line.replaceAll('\x1e', '\n');
  const outcome = readRecord(text, format, reader, position);
  return { outcome, ...rawOf(Buffer.from(text), outcome.rejection !== undefined) };
}

/** Reads the text of one record, as it came. */
export function readRecord(text: string, format: RecordFormat, reader: RowReader, position: Position): ReadRow {
  if (format.kind === 'json') return reader.readJson(text, position);
  const cells = splitLine(text, format.delimiter);
  if (cells !== 'row:quote') return reader.readCells(cells, format.header, position);
  const message = 'a quoted cell is not closed, or its closing quote is followed by more text';
  return { rejection: { column: 'row', rule: 'quote', message } };
}

/** A rejection that framing has made: reason, message, byte length, bytes in base64. */
function finished(fields: string): ReadLine {
  const [reason = 'row:json', message = '', byteLength = '0', base64 = ''] = fields.split('\t');
  const [column = 'row', rule = 'json'] = reason.split(':');
  const raw = rawOf(Buffer.from(base64, 'base64'), true);
  return { outcome: { rejection: { column, rule, message } }, ...raw, rawBytes: Number(byteLength) };
}

function rawOf(bytes: Buffer, isWanted: boolean): Omit<ReadLine, 'outcome'> {
  const rawBytes = bytes.length;
  if (!isWanted) return { raw: '', rawEncoding: 'text', rawBytes };
  // A NUL is legal UTF-8, but not every engine's text can hold it.
  return isUtf8(bytes) && !bytes.includes(0)
    ? { raw: bytes.toString('utf8'), rawEncoding: 'text', rawBytes }
    : { raw: bytes.toString('base64'), rawEncoding: 'base64', rawBytes };
}
