export interface LineScan {
  readonly lines: number;
  /** Bytes of the longest line, its end not counted. */
  readonly longest: number;
  /** Whether a line is empty. */
  readonly blank: boolean;
  /** Whether a control byte other than tab stands in a line. */
  readonly odd: boolean;
}

const LF = 0x0a;
const TAB = 0x09;

/**
 * Looks through whole lines, four bytes at a time: a word without any byte below 0x20 needs no closer look.
 *
 * @param words the memory of `bytes`, from its first byte.
 * @param end just after a line end.
 */
export function scanLines(bytes: Uint8Array, words: Int32Array, end: number): LineScan {
  let lines = 0;
  let longest = 0;
  let blank = false;
  let odd = false;
  let lineStart = 0;
  for (let word = 0, at = 0; at < end; word++, at += 4) {
    const four = words[word] as number;
    if (((four - 0x20202020) & ~four & 0x80808080) === 0) continue;
    const stop = at + 4 < end ? at + 4 : end;
    for (let i = at; i < stop; i++) {
      const byte = bytes[i] as number;
      if (byte >= 0x20 || byte === TAB) continue;
      if (byte !== LF) {
        odd = true;
        continue;
      }
      const length = i - lineStart;
      if (length > longest) longest = length;
      if (length === 0) blank = true;
      lines++;
      lineStart = i + 1;
    }
  }
  return { lines, longest, blank, odd };
}

/** Whether a control byte other than tab and line feed stands between `start` and `end`. */
export function isOdd(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 && byte !== TAB && byte !== LF) return true;
  }
  return false;
}

/** Line ends between `start` and `end`. */
export function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF, start); at !== -1 && at < end; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
