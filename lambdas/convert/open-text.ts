import { cutLoneReturns } from './cut-lone-returns.ts';
import { type SourceDecoder, sourceDecoder } from './decode-source.ts';
import { refuseNonTable, refuseNonText } from './refuse-non-table.ts';

const START_BYTES = 64 * 1024;
const HEAD_BYTES = 1024 * 1024;

/** A source as UTF-8 text without byte order mark. */
export interface SourceText {
  /** The first MiB or more, or all of it. */
  readonly head: Buffer;
  readonly isWhole: boolean;
  /** What follows `head`. To be closed by `return()`. */
  readonly rest: AsyncGenerator<Buffer>;
  /** Whether the lines of the source end in a lone `\r`; they end in `\n` here. */
  readonly hasLoneReturns: boolean;
  readonly decoder: SourceDecoder;
}

/** Reads the start of a source and decides how to decode it; throws `RefusedObject` when it shows that it is no table. */
export async function openText(bytes: AsyncGenerator<Buffer>): Promise<SourceText> {
  try {
    const start = await takeBytes(bytes, START_BYTES);
    refuseNonTable(start);
    const { decoder, bomBytes } = sourceDecoder(start);
    const text = decode(start.subarray(bomBytes), bytes, decoder);
    const head = await takeBytes(text, HEAD_BYTES);
    refuseNonText(head);
    const isWhole = head.length < HEAD_BYTES;
    const hasLoneReturns = head.includes('\r') && !head.includes('\n');
    if (!hasLoneReturns) return { head, isWhole, rest: text, hasLoneReturns, decoder };
    const cut = cutLoneReturns();
    return { head: cut(head), isWhole, rest: mapChunks(text, cut), hasLoneReturns, decoder };
  } catch (error) {
    await bytes.return(undefined);
    throw error;
  }
}

/** The next `wanted` bytes or more; fewer only at the end. */
async function takeBytes(chunks: AsyncGenerator<Buffer>, wanted: number): Promise<Buffer> {
  const taken: Buffer[] = [];
  let length = 0;
  while (length < wanted) {
    const next = await chunks.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(taken);
}

async function* decode(start: Buffer, rest: AsyncGenerator<Buffer>, decoder: SourceDecoder): AsyncGenerator<Buffer> {
  yield* decoder.push(start);
  for await (const chunk of rest) yield* decoder.push(chunk);
  yield* decoder.end();
}

async function* mapChunks(chunks: AsyncGenerator<Buffer>, change: (chunk: Buffer) => Buffer): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield change(chunk);
}
