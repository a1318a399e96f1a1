import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TransformOptions } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import type { FrameLimits } from './frame-source.ts';
import { RefusedObject } from './refused-object.ts';

const CHUNK_BYTES = 256 * 1024;
const GUNZIP: ZlibOptions & TransformOptions = { chunkSize: CHUNK_BYTES, highWaterMark: 4 * CHUNK_BYTES };
const RATIO_FREE_BYTES = 10_000_000;

export interface InflatedSource {
  readonly gzip: boolean;
  readonly sizeBytes: number;
  /** Bytes of the file taken in so far. */
  readonly bytesRead: () => number;
  /** The content; throws `RefusedObject` where the gzip is damaged or grows beyond the limits. */
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Reads a file and inflates it when it starts as gzip does, whatever its name says. */
export async function inflateSource(path: string, limits: FrameLimits): Promise<InflatedSource> {
  const { sizeBytes, gzip } = await lookAt(path);
  let bytesRead = () => 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    const gunzip = gzip ? createGunzip(GUNZIP) : undefined;
    bytesRead = () => file.bytesRead;
    // An error of the file reaches the reader of `gunzip` as well, so nothing is lost by not waiting here.
    if (gunzip !== undefined) pipeline(file, gunzip).catch(() => {});
    let total = 0;
    try {
      for await (const chunk of (gunzip ?? file) as AsyncIterable<Buffer>) {
        total += chunk.length;
        refuseBeyond(limits, total, file.bytesRead);
        yield chunk;
      }
    } catch (error) {
      throw gunzip === undefined ? error : gzipRefusal(error);
    } finally {
      file.destroy();
      gunzip?.destroy();
    }
    if (gunzip !== undefined) await refuseTrailing(path, gunzip.bytesWritten);
  }
  return { gzip, sizeBytes, bytesRead: () => bytesRead(), chunks: chunks() };
}

async function lookAt(path: string): Promise<{ sizeBytes: number; gzip: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return { sizeBytes: size, gzip: bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b };
  } finally {
    await file.close();
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
async function refuseTrailing(path: string, start: number): Promise<void> {
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    if (chunk.some((byte) => byte !== 0)) throw new RefusedObject(TRAILING);
  }
}
