import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable, TransformOptions } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import type { FrameLimits } from './frame-source.ts';
import { RefusedObject } from './refused-object.ts';
import { SourceInput } from './source-input.ts';

const CHUNK_BYTES = 256 * 1024;
const GUNZIP: ZlibOptions & TransformOptions = { chunkSize: CHUNK_BYTES, highWaterMark: 4 * CHUNK_BYTES };
const RATIO_FREE_BYTES = 10_000_000;

/** Bytes that come from elsewhere than a file, once. */
export interface SourceBytes {
  readonly sizeBytes: number;
  readonly body: Readable;
}

export interface InflatedSource {
  readonly gzip: boolean;
  readonly sizeBytes: number;
  /** Bytes of the source taken in so far. */
  readonly bytesRead: () => number;
  /** The content; throws `RefusedObject` where the gzip is damaged or grows beyond the limits. */
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Reads a file, or bytes that come, and inflates them when they start as gzip does, whatever their name says. */
export async function inflateSource(source: string | SourceBytes, limits: FrameLimits): Promise<InflatedSource> {
  const { sizeBytes, body } = typeof source === 'string' ? await openFile(source) : source;
  const input = new SourceInput(body);
  const gzip = isGzip(await input.peek(2));
  async function* chunks(): AsyncGenerator<Buffer> {
    let total = 0;
    try {
      for await (const chunk of gzip ? inflate(input) : input.chunks()) {
        total += chunk.length;
        refuseBeyond(limits, total, input.bytesRead);
        yield chunk;
      }
    } finally {
      body.destroy();
    }
  }
  return { gzip, sizeBytes, bytesRead: () => input.bytesRead, chunks: chunks() };
}

async function openFile(path: string): Promise<SourceBytes> {
  const { size } = await stat(path);
  return { sizeBytes: size, body: createReadStream(path, { highWaterMark: CHUNK_BYTES }) };
}

function isGzip(start: Buffer): boolean {
  return start.length === 2 && start.readUInt16BE(0) === 0x1f8b;
}

async function* inflate(input: SourceInput): AsyncGenerator<Buffer> {
  const gunzip = createGunzip(GUNZIP);
  // An error of the source reaches the reader of `gunzip` as well, so nothing is lost by not waiting here.
  const fed = pipeline(
    input.chunks(() => gunzip.bytesWritten),
    gunzip,
  ).catch(() => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk;
    gunzip.destroy();
    await fed;
    await refuseTrailing(input, gunzip.bytesWritten);
  } catch (error) {
    throw gzipRefusal(error);
  } finally {
    gunzip.destroy();
  }
}

function refuseBeyond(limits: FrameLimits, total: number, read: number): void {
  if (total > limits.maxTotalBytes) {
    throw new RefusedObject(`more than ${limits.maxTotalBytes} bytes of content, the limit: send it in several files`);
  }
  if (total - RATIO_FREE_BYTES > limits.maxRatio * read) {
    throw new RefusedObject(
      `a gzip that grows beyond ${limits.maxRatio} times its size, as a decompression bomb does: send it uncompressed if it is real`,
    );
  }
}

function gzipRefusal(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return new RefusedObject('a torn gzip, it breaks off in the middle: send the whole file again');
  }
  if (code !== 'Z_DATA_ERROR') return error;
  if (message === 'incorrect header check') return new RefusedObject(TRAILING);
  return new RefusedObject(`a damaged gzip (${message}): send the file again`);
}

const TRAILING = 'a gzip followed by bytes that are no gzip: send the file again, or compress it again';

/** Zero bytes after the last member are padding; node ends there without looking at what follows them. */
async function refuseTrailing(input: SourceInput, start: number): Promise<void> {
  for await (const chunk of input.after(start)) {
    if (chunk.some((byte) => byte !== 0)) throw new RefusedObject(TRAILING);
  }
}
