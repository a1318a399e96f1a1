import { isUtf8 } from 'node:buffer';
import { ERASED_ELEMENT, KEPT_BYTES, oddLine, PLACEHOLDER, rejectedLine } from './marked-line.ts';
import { RefusedObject } from './refused-object.ts';
import type { ShardWriter } from './shard-writer.ts';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const MAX_DEPTH = 1000;

/** Where the framer stands: around the array, between its elements, or in one. */
type Place = 'before' | 'first' | 'next' | 'after' | 'scalar' | 'string' | 'container' | 'done';

const EXPECTED: Partial<Record<Place, string>> = {
  before: "'['",
  first: "an element or ']'",
  next: 'an element',
  after: "',' or ']'",
  done: 'nothing more',
};

/**
 * Frames the elements of a JSON array, each as one line; its number counted from 1 is its line number.
 *
 * Line breaks between tokens become spaces, strings stay as they are. Whether an element is sound JSON is for the row
 * reader to say; only what would blur where an element ends (brackets that do not fit, missing commas, text after the
 * array, no end) refuses the source.
 */
export class JsonElements {
  /** Elements have no line ends of their own. */
  readonly crlfLines = 0;
  readonly #out: ShardWriter;
  readonly #maxBytes: number;
  /** The present element, as far as it has come and fits. */
  readonly #held: Buffer;
  readonly #closers = new Uint8Array(MAX_DEPTH);
  #length = 0;
  #place: Place = 'before';
  #depth = 0;
  #deepest = 0;
  #inString = false;
  #escaped = false;
  #odd = false;

  constructor(maxBytes: number, out: ShardWriter) {
    this.#out = out;
    this.#maxBytes = maxBytes;
    this.#held = Buffer.allocUnsafe(maxBytes + 1);
  }

  push(chunk: Buffer): void {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'container') at = this.#passContainer(chunk, at);
      else if (this.#place === 'string') at = this.#passString(chunk, at);
      else if (this.#place === 'scalar') at = this.#passScalar(chunk, at);
      else {
        from = at;
        at = this.#passBetween(chunk, at);
        if (this.#isInElement()) from = at - 1;
        continue;
      }
      if (this.#isInElement()) break;
      this.#hold(chunk, from, at);
      this.#write();
    }
    if (this.#isInElement()) this.#hold(chunk, from, chunk.length);
  }

  end(): void {
    if (this.#place === 'done') return;
    throw new RefusedObject(`a torn json array, it ends without its ']' ${this.#where()}: send the whole file again`);
  }

  #isInElement(): boolean {
    return this.#place === 'container' || this.#place === 'string' || this.#place === 'scalar';
  }

  /** Takes one byte outside of elements; returns the place after it. */
  #passBetween(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (byte === SPACE || byte === LF || byte === CR || byte === TAB) return at + 1;
    const place = this.#place;
    if (place === 'before' && byte === OPEN_ARRAY) this.#place = 'first';
    else if (place === 'after' && byte === COMMA) this.#place = 'next';
    else if ((place === 'after' || place === 'first') && byte === CLOSE_ARRAY) this.#place = 'done';
    else if ((place === 'first' || place === 'next') && ![COMMA, CLOSE_ARRAY, CLOSE_OBJECT].includes(byte)) {
      this.#start(byte);
    } else throw this.#broken(byte, EXPECTED[place] ?? 'an element');
    return at + 1;
  }

  #start(byte: number): void {
    this.#length = 0;
    this.#odd = byte < SPACE;
    this.#inString = byte === QUOTE;
    this.#place = byte === QUOTE ? 'string' : 'scalar';
    this.#deepest = 0;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      this.#place = 'container';
      this.#depth = 0;
      this.#open(byte);
    }
  }

  #open(byte: number): void {
    if (this.#depth < MAX_DEPTH) this.#closers[this.#depth] = byte + 2; // `]` and `}` stand two after their openers
    this.#depth++;
    if (this.#depth > this.#deepest) this.#deepest = this.#depth;
  }

  #passContainer(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#passString(chunk, at);
        continue;
      }
      const byte = chunk[at] as number;
      if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(byte);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.#depth--;
        const closer = this.#depth < MAX_DEPTH ? this.#closers[this.#depth] : byte;
        if (closer !== byte) throw this.#broken(byte, `'${String.fromCharCode(closer as number)}'`);
        if (this.#depth === 0) {
          this.#place = 'after';
          return at + 1;
        }
      } else if (byte === LF || byte === CR) chunk[at] = SPACE;
      else if (byte < SPACE && byte !== TAB) this.#odd = true;
      at++;
    }
    return at;
  }

  #passString(chunk: Buffer, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      if ((chunk[at] as number) < SPACE) this.#odd = true;
      at++;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === QUOTE) {
        this.#inString = false;
        if (this.#place === 'string') this.#place = 'after';
        return at + 1;
      }
      if (byte === BACKSLASH) {
        at++;
        if (at === chunk.length) this.#escaped = true;
        else if ((chunk[at] as number) < SPACE) this.#odd = true;
      } else if (byte < SPACE && byte !== TAB) this.#odd = true;
    }
    return at;
  }

  #passScalar(chunk: Buffer, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === COMMA || byte === CLOSE_ARRAY || byte === SPACE || byte === LF || byte === CR || byte === TAB) {
        this.#place = 'after';
        return at;
      }
      if (byte < SPACE) this.#odd = true;
    }
    return chunk.length;
  }

  #hold(chunk: Buffer, from: number, to: number): void {
    if (this.#length < this.#maxBytes) {
      chunk.copy(this.#held, this.#length, from, Math.min(to, from + this.#maxBytes - this.#length));
    }
    this.#length += to - from;
  }

  #write(): void {
    const line = this.#line();
    this.#out.write(line, 0, line.length, 1);
  }

  #line(): Buffer {
    const held = this.#held.subarray(0, Math.min(this.#length, this.#maxBytes));
    if (this.#length > this.#maxBytes) {
      const message = `the element is longer than ${this.#maxBytes} bytes`;
      return rejectedLine('row:too_long', message, held.subarray(0, KEPT_BYTES), this.#length);
    }
    if (held.equals(ERASED_ELEMENT)) return Buffer.from([PLACEHOLDER, LF]);
    if (!isUtf8(held)) return rejectedLine('row:encoding', 'the bytes are not valid UTF-8', held);
    if (held[0] !== OPEN_OBJECT) return rejectedLine('row:json', 'the element is not an object', held);
    if (this.#deepest > MAX_DEPTH) return rejectedLine('row:json', `nested deeper than ${MAX_DEPTH}`, held);
    if (this.#odd) return oddLine(held);
    this.#held[held.length] = LF;
    return this.#held.subarray(0, held.length + 1);
  }

  #broken(byte: number, expected: string): RefusedObject {
    const found = byte > SPACE && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
    return new RefusedObject(`a broken json array, ${found} ${this.#where()} where ${expected} was expected`);
  }

  #where(): string {
    const before = this.#out.nextLine - 1;
    if (this.#place === 'done') return 'after its end';
    return before === 0 && !this.#isInElement()
      ? 'at its start'
      : this.#isInElement()
        ? `in element ${before + 1}`
        : `after element ${before}`;
  }
}
