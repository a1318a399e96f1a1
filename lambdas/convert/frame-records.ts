import { isUtf8 } from 'node:buffer';
import { KEPT_BYTES } from './marked-line.ts';
import { scanLines } from './scan-lines.ts';
import type { ShardWriter } from './shard-writer.ts';
import { type RecordRules, tooLongLine, writeRecords } from './write-records.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const SLACK_BYTES = 1024 * 1024;

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
  #frame(isLast: boolean): void {
    const newest = this.#work.subarray(0, this.#used).lastIndexOf(LF) + 1;
    const isTooLong = this.#used > this.#rules.maxLineBytes + 1;
    if (newest > 0 && (newest > this.#seen || isTooLong || isLast)) {
      const end = this.#cutReturns(newest);
      const done = this.#frameLines(end, isLast);
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
  #frameLines(end: number, isLast: boolean): number {
    const { delimiter, maxLineBytes } = this.#rules;
    const block = this.#work.subarray(0, end);
    const scan = scanLines(block, this.#words, end);
    const isClean = !scan.odd && isUtf8(block);
    const hasQuotes = delimiter !== undefined && block.includes(QUOTE);
    if (isClean && !hasQuotes && !scan.blank && scan.longest <= maxLineBytes) {
      this.#out.write(this.#work, 0, end, scan.lines);
      return end;
    }
    const lines = { bytes: this.#work, end, used: this.#used, isLast, isClean };
    return writeRecords(lines, this.#rules, this.#out);
  }

  #startSkipping(): void {
    this.#skipped = {
      kept: Buffer.from(this.#work.subarray(0, Math.min(KEPT_BYTES, this.#used))),
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
    const line = tooLongLine(skipped.kept, skipped.length - returns, this.#rules.maxLineBytes);
    this.#out.write(line, 0, line.length, 1);
    this.#skipped = undefined;
  }
}
