import { isAscii, isUtf8 } from 'node:buffer';
import type { SourceFormat } from './frame-source.ts';

type Encoding = SourceFormat['encoding'];

/** Turns the bytes of a source into UTF-8, chunk by chunk. */
export interface SourceDecoder {
  /** For UTF-8 and Latin-1 final only once the first byte beyond ASCII has been judged. */
  readonly encoding: Encoding;
  push(chunk: Buffer): Buffer[];
  end(): Buffer[];
}

const WINDOW_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 4096;
/** Invalid bytes that one valid sequence outweighs. */
const VALID_WEIGHT = 16;
const LONE_SURROGATE = /(\p{Surrogate})/u;

/**
 * Chooses the decoder by the first bytes, from which it cuts the byte order mark.
 *
 * 1. A byte order mark decides.
 * 2. Zero bytes at nearly every second place and nowhere else mean UTF-16.
 * 3. Else the text is ASCII until its first byte beyond. The 4 MiB from there on decide: UTF-8 when they hold a valid
 *    sequence of several bytes for at most 16 bytes that are in none, else Latin-1 (ISO-8859-1, so 0x80 to 0x9F are
 *    control characters). Latin-1 text forms such a sequence rarely and only by chance, so a UTF-8 file with damaged
 *    rows stays UTF-8, where the damaged rows are rejected one by one.
 */
export function sourceDecoder(start: Buffer): { readonly decoder: SourceDecoder; readonly bomBytes: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) {
    return { decoder: new ByteDecoder('utf-8'), bomBytes: 3 };
  }
  if (start[0] === 0xff && start[1] === 0xfe) return { decoder: new Utf16Decoder('utf-16le'), bomBytes: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { decoder: new Utf16Decoder('utf-16be'), bomBytes: 2 };
  const utf16 = utf16ByZeros(start.subarray(0, PIECE_BYTES));
  return { decoder: utf16 === undefined ? new ByteDecoder() : new Utf16Decoder(utf16), bomBytes: 0 };
}

function utf16ByZeros(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const places = start.length >> 1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < places * 2; i += 2) {
    if (start[i] === 0) even++;
    if (start[i + 1] === 0) odd++;
  }
  if (places > 0 && odd >= 0.7 * places && even <= 0.05 * places) return 'utf-16le';
  if (places > 0 && even >= 0.7 * places && odd <= 0.05 * places) return 'utf-16be';
  return undefined;
}

class ByteDecoder implements SourceDecoder {
  encoding: 'utf-8' | 'latin-1' = 'utf-8';
  #decided: boolean;
  #window: Buffer[] = [];
  #windowBytes = 0;

  constructor(encoding?: 'utf-8') {
    this.#decided = encoding !== undefined;
  }

  push(chunk: Buffer): Buffer[] {
    if (this.#decided) return [this.#decode(chunk)];
    if (this.#windowBytes === 0 && isAscii(chunk)) return [chunk];
    this.#window.push(chunk);
    this.#windowBytes += chunk.length;
    return this.#windowBytes < WINDOW_BYTES ? [] : this.#decide();
  }

  end(): Buffer[] {
    return this.#decide();
  }

  #decide(): Buffer[] {
    const window = Buffer.concat(this.#window);
    this.#window = [];
    this.#windowBytes = 0;
    if (window.length === 0) return [];
    this.#decided = true;
    this.encoding = looksLikeUtf8(window) ? 'utf-8' : 'latin-1';
    return [this.#decode(window)];
  }

  #decode(chunk: Buffer): Buffer {
    return this.encoding === 'utf-8' || isAscii(chunk) ? chunk : utf8OfLatin1(chunk);
  }
}

function looksLikeUtf8(bytes: Buffer): boolean {
  if (isUtf8(bytes)) return true;
  let valid = 0;
  let invalid = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] as number);
    if (length === 1) at++;
    else if (length > 1 && isUtf8(bytes.subarray(at, at + length))) {
      valid++;
      at += length;
    } else {
      // A sequence that the end of the window cuts is no evidence.
      if (length === 0 || at + length <= bytes.length) invalid++;
      at++;
    }
  }
  return valid * VALID_WEIGHT >= invalid;
}

/** Bytes of the UTF-8 sequence that starts with this byte; 0 when none does. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

function utf8OfLatin1(bytes: Buffer): Buffer {
  const text = Buffer.allocUnsafe(bytes.length * 2);
  let length = 0;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    length += isAscii(piece) ? piece.copy(text, length) : text.write(piece.toString('latin1'), length, 'utf8');
  }
  return text.subarray(0, length);
}

/** A lone surrogate becomes the three bytes that UTF-8 forbids, so that its line is rejected and not altered. */
class Utf16Decoder implements SourceDecoder {
  readonly encoding: 'utf-16le' | 'utf-16be';
  #carry: Buffer = Buffer.alloc(0);

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.encoding = encoding;
  }

  push(chunk: Buffer): Buffer[] {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let end = bytes.length & ~1;
    const lastHigh = this.encoding === 'utf-16le' ? bytes[end - 1] : bytes[end - 2];
    if (end > 0 && ((lastHigh as number) & 0xfc) === 0xd8) end -= 2;
    this.#carry = Buffer.from(bytes.subarray(end));
    return [this.#decode(Buffer.from(bytes.subarray(0, end)))];
  }

  end(): Buffer[] {
    const torn = this.#carry.length % 2 === 1 ? Buffer.from([0xff]) : Buffer.alloc(0);
    return [this.#decode(this.#carry.subarray(0, this.#carry.length & ~1)), torn];
  }

  #decode(bytes: Buffer): Buffer {
    if (this.encoding === 'utf-16be') bytes.swap16();
    const text = bytes.toString('utf16le');
    if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
    return Buffer.concat(text.split(LONE_SURROGATE).map(withForbiddenSurrogate));
  }
}

function withForbiddenSurrogate(text: string): Buffer {
  const unit = text.charCodeAt(0);
  if (text.length !== 1 || unit < 0xd800 || unit > 0xdfff) return Buffer.from(text, 'utf8');
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}
