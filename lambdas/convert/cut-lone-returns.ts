const LF = 0x0a;
const CR = 0x0d;

/** Returns what makes `\n` of every `\r` and `\r\n` of a source whose lines end in a lone `\r`; works in place, chunk by chunk. */
export function cutLoneReturns(): (chunk: Buffer) => Buffer {
  let afterReturn = false;
  return (chunk) => {
    let to = 0;
    for (let from = 0; from < chunk.length; from++) {
      const byte = chunk[from] as number;
      const isSecondHalf = afterReturn && byte === LF;
      afterReturn = byte === CR;
      if (!isSecondHalf) chunk[to++] = afterReturn ? LF : byte;
    }
    return chunk.subarray(0, to);
  };
}
