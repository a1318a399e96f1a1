import { isUtf8 } from 'node:buffer';
import { oddLine, PLACEHOLDER, rejectedLine } from './marked-line.ts';
import { isOdd, type LineScan, scanLines } from './scan-lines.ts';
import { type QuoteState, scanQuotes } from './scan-quotes.ts';
import type { ShardWriter } from './shard-writer.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const SLACK_BYTES = 1024 * 1024;
const KEPT_BYTES = 4096;
const PLACEHOLDER_LINE = Buffer.from([PLACEHOLDER, LF]);

export interface RecordRules {
  /** The byte between two cells; undefined where quotes mean nothing (JSON lines). */
  readonly delimiter: number | undefined;
  readonly maxLineBytes: number;
}

/** The first line after an open one that does not stay open, as far as it is known. */
interface QuoteEvent {
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly state: QuoteState;
}

/**
 * Frames lines of UTF-8 text: one record a line, every physical line kept as a line.
 *
 * A block of plain lines is written as it is. A block with a quote, a blank line, an odd byte, invalid UTF-8 or a line
 * that is too long is gone through line by line.
 */
export class RecordFramer {
  readonly #rules: RecordRules;
  readonly #out: ShardWriter;
  readonly #work: Buffer;
  readonly #words: Int32Array;
  /** Bytes in the work buffer. */
  #used = 0;
  /** Of these, bytes at the front that a former look found to be an open record: their `\r\n` are cut already. */
  #seen = 0;
  /** A line that is too long, while its end has not come. */
  #skipped: { readonly kept: Buffer; length: number; last: number } | undefined;
  /** Lines that ended in `\r\n`. */
  crlfLines = 0;

  constructor(rules: RecordRules, out: ShardWriter) {
    this.#rules = rules;
    this.#out = out;
    const memory = new ArrayBuffer(Math.ceil((rules.maxLineBytes + SLACK_BYTES) / 4) * 4 + 4);
    this.#work = Buffer.from(memory);
    this.#words = new Int32Array(memory);
  }

  push(chunk: Buffer): void {
    let from = this.#skipped === undefined ? 0 : this.#skip(chunk);
    while (from < chunk.length) {
      const room = this.#work.length - 1 - this.#used;
      const taken = chunk.copy(this.#work, this.#used, from, from + room);
      this.#used += taken;
      from += taken;
      this.#frame(false);
      if (this.#skipped !== undefined) from += this.#skip(chunk.subarray(from));
    }
  }

  end(): void {
    if (this.#skipped !== undefined) this.#endSkipped(0);
    if (this.#used === 0) return;
    if (this.#work[this.#used - 1] !== LF) this.#work[this.#used++] = LF;
    this.#frame(true);
  }

  /** Frames the whole lines of the work buffer and keeps the rest for the next time. */
  #frame(last: boolean): void {
    const newest = this.#work.subarray(0, this.#used).lastIndexOf(LF) + 1;
    const isTooLong = this.#used > this.#rules.maxLineBytes + 1;
    if (newest > 0 && (newest > this.#seen || isTooLong || last)) {
      const end = this.#cutReturns(newest);
      const done = this.#frameLines(end, last);
      if (done > 0) this.#work.copyWithin(0, done, this.#used);
      this.#used -= done;
      this.#seen = end - done;
    }
    if (this.#seen === 0 && this.#used > this.#rules.maxLineBytes + 1) this.#startSkipping();
  }

  /** Cuts the `\r` of every `\r\n` not seen before; returns where the whole lines now end. */
  #cutReturns(end: number): number {
    const work = this.#work;
    let to = this.#seen;
    let from = this.#seen;
    let cut = 0;
    const block = work.subarray(0, end);
    for (let at = block.indexOf(CR, from); at !== -1; at = block.indexOf(CR, at + 1)) {
      if (work[at + 1] !== LF) continue;
      if (cut > 0) work.copyWithin(to, from, at);
      to += at - from;
      from = at + 1;
      cut++;
    }
    if (cut > 0) {
      work.copyWithin(to, from, this.#used);
      this.#used -= cut;
      this.crlfLines += cut;
    }
    return end - cut;
  }

  /** Writes the lines of `[0, end)`; returns where the first line starts that waits for more. */
  #frameLines(end: number, last: boolean): number {
    const { delimiter, maxLineBytes } = this.#rules;
    const scan = scanLines(this.#work, this.#words, end);
    const block = this.#work.subarray(0, end);
    const quoted = delimiter !== undefined && block.includes(QUOTE);
    const valid = isUtf8(block);
    if (!quoted && valid && !scan.odd && !scan.blank && scan.longest <= maxLineBytes) {
      this.#out.write(this.#work, 0, end, scan.lines);
      return end;
    }
    return this.#frameOneByOne(end, last, scan, valid);
  }

  #frameOneByOne(end: number, last: boolean, scan: LineScan, valid: boolean): number {
    const work = this.#work;
    const { delimiter, maxLineBytes } = this.#rules;
    let event: QuoteEvent | undefined;
    let quote = delimiter === undefined ? end : nextOf(work, QUOTE, 0, end);
    let run = 0;
    let runLines = 0;
    let at = 0;
    const flush = (to: number) => {
      if (to > run) this.#out.write(work, run, to, runLines);
      runLines = 0;
    };
    const replace = (line: Buffer, next: number) => {
      flush(at);
      this.#out.write(line, 0, line.length, 1);
      run = next;
    };
    while (at < end) {
      const lineEnd = work.indexOf(LF, at);
      let next = lineEnd + 1;
      let lines = 1;
      if (quote < at) quote = nextOf(work, QUOTE, at, end);
      if (lineEnd - at > maxLineBytes) {
        replace(tooLong(work.subarray(at, lineEnd), lineEnd - at, maxLineBytes), next);
        at = next;
        continue;
      }
      if (delimiter !== undefined && quote < lineEnd) {
        let state = scanQuotes(work, at, lineEnd, delimiter, false);
        if (state === 'open') {
          if (event === undefined || event.lineStart < next) event = { lineStart: next, lineEnd, state };
          event = followQuote(work, event, at, end, delimiter, maxLineBytes);
          state = event.lineEnd - at > maxLineBytes ? 'broken' : event.state;
          if (state === 'open' && !last && this.#used - at <= maxLineBytes + 1) break;
          if (state === 'whole') {
            next = event.lineEnd + 1;
          } else state = 'broken';
        }
        if (state === 'broken') {
          const message = 'a quoted cell is not closed, or its closing quote is followed by more text';
          replace(rejectedLine('row:quote', message, work.subarray(at, lineEnd)), next);
          at = next;
          continue;
        }
      }
      for (let i = lineEnd; i < next - 1; i = work.indexOf(LF, i + 1)) lines++;
      const record = work.subarray(at, next - 1);
      if (!valid && !isUtf8(record)) {
        replace(
          rejectedLine('row:encoding', 'the bytes are not valid UTF-8, unlike the rest of the file', record),
          next,
        );
      } else if (scan.odd && isOdd(work, at, next - 1)) {
        replace(oddLine(record), next);
      } else if (record.length === 0) {
        replace(PLACEHOLDER_LINE, next);
      } else {
        if (lines > 1) joinLines(work, lineEnd, next - 1);
        runLines++;
        if (lines > 1) {
          flush(next);
          run = next;
        }
      }
      for (let i = 1; i < lines; i++) this.#out.write(PLACEHOLDER_LINE, 0, 2, 1);
      at = next;
    }
    flush(at);
    return at;
  }

  #startSkipping(): void {
    this.#skipped = {
      kept: Buffer.from(this.#work.subarray(0, keptBytes(this.#rules.maxLineBytes))),
      length: this.#used,
      last: this.#work[this.#used - 1] as number,
    };
    this.#used = 0;
  }

  /** Passes over the rest of a line that is too long; returns where the next line starts in the chunk. */
  #skip(chunk: Buffer): number {
    const skipped = this.#skipped;
    if (skipped === undefined || chunk.length === 0) return 0;
    const lineEnd = chunk.indexOf(LF);
    const passed = lineEnd === -1 ? chunk.length : lineEnd;
    skipped.length += passed;
    if (passed > 0) skipped.last = chunk[passed - 1] as number;
    if (lineEnd === -1) return chunk.length;
    this.#endSkipped(skipped.last === CR ? 1 : 0);
    return lineEnd + 1;
  }

  #endSkipped(returns: number): void {
    const skipped = this.#skipped;
    if (skipped === undefined) return;
    this.crlfLines += returns;
    const line = tooLong(skipped.kept, skipped.length - returns, this.#rules.maxLineBytes);
    this.#out.write(line, 0, line.length, 1);
    this.#skipped = undefined;
  }
}

/** Goes on from a known event to the first line that does not stay open, or that makes the record too long. */
function followQuote(
  work: Buffer,
  known: QuoteEvent,
  recordStart: number,
  end: number,
  delimiter: number,
  maxBytes: number,
): QuoteEvent {
  let event = known;
  while (event.state === 'open' && event.lineStart < end && event.lineEnd - recordStart <= maxBytes) {
    const lineEnd = work.indexOf(LF, event.lineStart);
    const state = scanQuotes(work, event.lineStart, lineEnd, delimiter, true);
    event = { lineStart: state === 'open' ? lineEnd + 1 : event.lineStart, lineEnd, state };
  }
  return event;
}

function joinLines(work: Buffer, firstEnd: number, end: number): void {
  for (let at = firstEnd; at !== -1 && at < end; at = work.indexOf(LF, at + 1)) work[at] = PLACEHOLDER;
}

function tooLong(start: Buffer, length: number, maxLineBytes: number): Buffer {
  return rejectedLine(
    'row:too_long',
    `the line is longer than ${maxLineBytes} bytes`,
    start.subarray(0, keptBytes(maxLineBytes)),
    length,
  );
}

function keptBytes(maxLineBytes: number): number {
  return Math.min(KEPT_BYTES, maxLineBytes);
}

function nextOf(bytes: Buffer, byte: number, from: number, end: number): number {
  const at = bytes.indexOf(byte, from);
  return at === -1 || at > end ? end : at;
}
