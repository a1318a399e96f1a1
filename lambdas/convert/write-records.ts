import { isUtf8 } from 'node:buffer';
import { BROKEN, type LineBlock, QuoteFollower, WAITING } from './follow-quotes.ts';
import { KEPT_BYTES, oddLine, PLACEHOLDER, rejectedLine } from './marked-line.ts';
import { countLines, isOdd } from './scan-lines.ts';
import type { ShardWriter } from './shard-writer.ts';

const LF = 0x0a;
const PLACEHOLDER_LINE = Buffer.from([PLACEHOLDER, LF]);
const BAD_QUOTE = 'a quoted cell is not closed, or its closing quote is followed by more text';
const BAD_ENCODING = 'the bytes are not valid UTF-8, unlike the rest of the file';

export interface RecordRules {
  /** The byte between two cells; undefined where quotes mean nothing (JSON lines). */
  readonly delimiter: number | undefined;
  readonly maxLineBytes: number;
}

/**
 * Writes the records of a block one by one, marking those that are not plain; returns where the first record starts
 * that must wait for more. Changes the block in place.
 */
export function writeRecords(block: LineBlock, rules: RecordRules, out: ShardWriter): number {
  const { bytes, end } = block;
  const quotes = new QuoteFollower(block, rules.delimiter, rules.maxLineBytes);
  const lines = new LineRuns(bytes, out);
  let at = 0;
  while (at < end) {
    const lineEnd = bytes.indexOf(LF, at);
    const recordEnd = lineEnd - at > rules.maxLineBytes ? lineEnd : quotes.recordEnd(at, lineEnd);
    if (recordEnd === WAITING) break;
    const next = recordEnd === BROKEN ? lineEnd + 1 : recordEnd + 1;
    const marked =
      recordEnd === BROKEN
        ? rejectedLine('row:quote', BAD_QUOTE, bytes.subarray(at, lineEnd))
        : markedRecord(block, at, recordEnd, rules.maxLineBytes);
    const physical = next === lineEnd + 1 ? 1 : countLines(bytes, at, next);
    if (marked !== undefined) lines.replace(at, next, marked);
    else if (physical === 1) lines.keep();
    else {
      joinLines(bytes, lineEnd, recordEnd);
      lines.keepAndFlush(next);
    }
    for (let i = 1; i < physical; i++) out.write(PLACEHOLDER_LINE, 0, PLACEHOLDER_LINE.length, 1);
    at = next;
  }
  lines.flush(at);
  return at;
}

/** What stands for a record that is not plain. */
function markedRecord(block: LineBlock, start: number, end: number, maxLineBytes: number): Buffer | undefined {
  if (start === end) return PLACEHOLDER_LINE;
  if (block.isClean && end - start <= maxLineBytes) return undefined;
  const record = block.bytes.subarray(start, end);
  if (record.length > maxLineBytes) return tooLongLine(record, record.length, maxLineBytes);
  if (!isUtf8(record)) return rejectedLine('row:encoding', BAD_ENCODING, record);
  return isOdd(record, 0, record.length) ? oddLine(record) : undefined;
}

/** The rejection of a line that is too long, with its first bytes. */
export function tooLongLine(start: Buffer, length: number, maxLineBytes: number): Buffer {
  const kept = start.subarray(0, Math.min(KEPT_BYTES, maxLineBytes));
  return rejectedLine('row:too_long', `the line is longer than ${maxLineBytes} bytes`, kept, length);
}

function joinLines(bytes: Buffer, firstEnd: number, end: number): void {
  for (let at = firstEnd; at !== -1 && at < end; at = bytes.indexOf(LF, at + 1)) bytes[at] = PLACEHOLDER;
}

/** Writes neighbouring plain lines at once. */
class LineRuns {
  readonly #bytes: Buffer;
  readonly #out: ShardWriter;
  #start = 0;
  #lines = 0;

  constructor(bytes: Buffer, out: ShardWriter) {
    this.#bytes = bytes;
    this.#out = out;
  }

  keep(): void {
    this.#lines++;
  }

  keepAndFlush(end: number): void {
    this.#lines++;
    this.flush(end);
  }

  /** Writes `line` instead of what stands from `start` to `end`. */
  replace(start: number, end: number, line: Buffer): void {
    this.flush(start);
    this.#out.write(line, 0, line.length, 1);
    this.#start = end;
  }

  flush(end: number): void {
    if (end > this.#start) this.#out.write(this.#bytes, this.#start, end, this.#lines);
    this.#start = end;
    this.#lines = 0;
  }
}
