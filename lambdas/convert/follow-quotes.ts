import { scanQuotes } from './scan-quotes.ts';

const LF = 0x0a;
const QUOTE = 0x22;

/** The whole lines of a buffer. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** Just after the last line end. */
  readonly end: number;
  /** Bytes in the buffer; those from `end` on start a line that is not whole yet. */
  readonly used: number;
  /** Whether nothing will follow. */
  readonly isLast: boolean;
  /** Whether all of it is valid UTF-8 without odd control bytes. */
  readonly isClean: boolean;
}

/** Where a record ends that starts within a line: a place, or one of these. */
export const BROKEN = -1;
export const WAITING = -2;

/** What is known of the lines below the start of a record: all stay open up to `at`, where the next one starts. */
interface OpenLines {
  readonly at: number;
  /** The end of the last line looked at. */
  readonly lineEnd: number;
  /** How that line leaves the record; `open` while the end is not found. */
  readonly state: 'whole' | 'open' | 'broken';
}

/**
 * Finds where records end that may hold line breaks within quotes.
 *
 * A record is `BROKEN` when a quote of it is malformed, when it is longer than the limit, or when it does not end at
 * all. Then its first line alone is lost, and the lines below it start anew. What was learnt of them while the record
 * was followed is kept, so that every line is looked at only twice, however many quotes are left open.
 */
export class QuoteFollower {
  readonly #block: LineBlock;
  readonly #delimiter: number | undefined;
  readonly #maxBytes: number;
  #open: OpenLines = { at: 0, lineEnd: 0, state: 'open' };
  #nextQuote = -1;

  constructor(block: LineBlock, delimiter: number | undefined, maxBytes: number) {
    this.#block = block;
    this.#delimiter = delimiter;
    this.#maxBytes = maxBytes;
  }

  /** The end of the record in which the line of `[start, lineEnd)` comes first. */
  recordEnd(start: number, lineEnd: number): number {
    if (this.#delimiter === undefined || !this.#hasQuote(start, lineEnd)) return lineEnd;
    const { bytes, used, isLast } = this.#block;
    const state = scanQuotes(bytes, start, lineEnd, this.#delimiter, false);
    if (state !== 'open') return state === 'whole' ? lineEnd : BROKEN;
    const open = this.#follow(start, lineEnd, this.#delimiter);
    if (open.lineEnd - start > this.#maxBytes || open.state === 'broken') return BROKEN;
    if (open.state === 'whole') return open.lineEnd;
    // One more byte than the limit: it may be the first half of a `\r\n`.
    return isLast || used - start > this.#maxBytes + 1 ? BROKEN : WAITING;
  }

  #hasQuote(start: number, lineEnd: number): boolean {
    if (this.#nextQuote < start) {
      const found = this.#block.bytes.indexOf(QUOTE, start);
      this.#nextQuote = found === -1 ? this.#block.used : found;
    }
    return this.#nextQuote < lineEnd;
  }

  #follow(start: number, firstEnd: number, delimiter: number): OpenLines {
    const { bytes, end } = this.#block;
    let open: OpenLines = this.#open;
    if (open.at <= firstEnd) open = { at: firstEnd + 1, lineEnd: firstEnd, state: 'open' };
    while (open.state === 'open' && open.at < end && open.lineEnd - start <= this.#maxBytes) {
      const lineEnd = bytes.indexOf(LF, open.at);
      const state = scanQuotes(bytes, open.at, lineEnd, delimiter, true);
      open = { at: state === 'open' ? lineEnd + 1 : open.at, lineEnd, state };
    }
    this.#open = open;
    return open;
  }
}
