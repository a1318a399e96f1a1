import { Buffer, isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { splitRows } from './split-json.ts';

/** A row that could not even be read as text, or a whole record as one such row. */
export interface RowFault {
  /** Reason code, `row:…`. */
  readonly reason: string;
  readonly message: string;
  readonly bytes: Uint8Array;
}

export interface DecodedRecord {
  /** JSON text of each row. */
  readonly rows: readonly string[];
  readonly faults: readonly RowFault[];
  /** Size after base64 and gzip. */
  readonly bytes: number;
}

/** What may still be spent on one record. */
export interface DecodeLimits {
  /** Most bytes after gunzip. */
  readonly bytes: number;
  /** Most rows. */
  readonly rows: number;
}

/**
 * The rows of a record's base64 data: JSON lines, objects one after the other, or arrays of objects, gzipped or not.
 *
 * Nothing is lost: what cannot be cut into rows is one fault that holds the record's bytes, and so is a record
 * without any row. Never throws.
 */
export function decodeRecord(data: unknown, limits: DecodeLimits): DecodedRecord {
  if (typeof data !== 'string') return oneFault('row:encoding', 'record has no data', Buffer.alloc(0));
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== Buffer.byteLength(data, 'base64')) {
    return oneFault('row:encoding', 'record data is not base64', Buffer.from(data));
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decodeText(bytes, bytes, limits);
  try {
    return decodeText(gunzipSync(bytes, { maxOutputLength: Math.max(limits.bytes, 1) }), bytes, limits);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(bytes, limits);
    return oneFault('row:encoding', 'record data is torn or broken gzip', bytes);
  }
}

function decodeText(text: Buffer, original: Buffer, limits: DecodeLimits): DecodedRecord {
  if (text.length > limits.bytes) return tooLarge(original, limits);
  const hasMark = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
  const body = hasMark ? text.subarray(3) : text;
  const valid = isUtf8(body);
  // Brackets, quotes and line ends are the same bytes in Latin-1, so broken UTF-8 can be cut and judged row by row.
  const rows = splitRows(body.toString(valid ? 'utf8' : 'latin1'), limits.rows);
  if (rows === undefined) {
    return oneFault(
      'row:too_long',
      `record holds more rows than the ${limits.rows} that are left to its batch`,
      original,
    );
  }
  if (rows.length === 0) return oneFault('row:json', 'record is empty, expected JSON objects', original);
  return valid ? { rows, faults: [], bytes: text.length } : judge(rows, text.length);
}

function judge(latin1Rows: readonly string[], bytes: number): DecodedRecord {
  const rows: string[] = [];
  const faults: RowFault[] = [];
  for (const row of latin1Rows) {
    const rowBytes = Buffer.from(row, 'latin1');
    if (isUtf8(rowBytes)) rows.push(rowBytes.toString('utf8'));
    else faults.push({ reason: 'row:encoding', message: 'row is not UTF-8', bytes: rowBytes });
  }
  return { rows, faults, bytes };
}

function tooLarge(bytes: Buffer, limits: DecodeLimits): DecodedRecord {
  const message = `record is larger than the ${limits.bytes} bytes that are left to its batch`;
  return oneFault('row:too_long', message, bytes);
}

function oneFault(reason: string, message: string, bytes: Uint8Array): DecodedRecord {
  return { rows: [], faults: [{ reason, message, bytes }], bytes: bytes.length };
}
