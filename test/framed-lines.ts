import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FrameOptions, frameSource, type SourceFormat } from '../lambdas/convert/frame-source.ts';
import { ShardWriter } from '../lambdas/convert/shard-writer.ts';

/** A line of a shard with its place in the source. */
export interface FramedLine {
  readonly line: number;
  readonly bytes: Buffer;
}

export interface Framed {
  readonly format: SourceFormat;
  readonly warnings: readonly string[];
  readonly lines: readonly FramedLine[];
  readonly shards: number;
}

/** Frames a file and reads all shards back; throws when they overlap, leave a gap or leave a file behind. */
export async function frameFile(path: string, options: Omit<FrameOptions, 'scratch'>): Promise<Framed> {
  return withScratch(async (scratch) => {
    const [framed] = await Promise.allSettled([collectShards(path, { scratch, ...options })]);
    const left = readdirSync(scratch);
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    if (framed.status === 'rejected') throw framed.reason;
    return framed.value;
  });
}

async function collectShards(path: string, options: FrameOptions): Promise<Framed> {
  const source = await frameSource(path, options);
  const lines: FramedLine[] = [];
  let shards = 0;
  for await (const shard of source.shards) {
    const text = readFileSync(shard.path);
    rmSync(shard.path);
    if (text.length !== shard.bytes) throw new Error(`shard of ${text.length} bytes says ${shard.bytes}`);
    const found = splitLines(text, shard.firstLine);
    if (found.length !== shard.lines) throw new Error(`shard of ${found.length} lines says ${shard.lines}`);
    const last = lines.at(-1);
    if (last !== undefined && last.line + 1 !== shard.firstLine) throw new Error(`gap after line ${last.line}`);
    for (const line of found) lines.push(line);
    shards++;
  }
  return { format: source.format, warnings: source.warnings, lines, shards };
}

/** The same of bytes. */
export async function frameBytes(
  bytes: Uint8Array | string,
  options: Omit<FrameOptions, 'scratch'> = { knownColumns: ['a', 'b'] },
): Promise<Framed> {
  return withScratch((folder) => {
    const path = join(folder, 'source');
    writeFileSync(path, bytes);
    return frameFile(path, options);
  });
}

/** What a framer writes for a text cut into chunks of `chunkBytes`. */
export function frameInChunks(
  text: Buffer,
  chunkBytes: number,
  framerOf: (out: ShardWriter) => { push(chunk: Buffer): void; end(): void },
): readonly FramedLine[] {
  const scratch = mkdtempSync(join(tmpdir(), 'framed-'));
  try {
    const writer = new ShardWriter(scratch, Number.MAX_SAFE_INTEGER, 1);
    const framer = framerOf(writer);
    for (let at = 0; at < text.length; at += chunkBytes) {
      framer.push(Buffer.from(text.subarray(at, at + chunkBytes)));
    }
    framer.end();
    writer.end();
    const shard = writer.nextFinished();
    return shard === undefined ? [] : splitLines(readFileSync(shard.path), shard.firstLine);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A temporary folder for the time of `use`. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'framed-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function splitLines(text: Buffer, firstLine: number): FramedLine[] {
  const lines: FramedLine[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0x0a, at);
    if (end === -1) throw new Error('a shard does not end in a line end');
    lines.push({ line: firstLine + lines.length, bytes: text.subarray(at, end) });
    at = end + 1;
  }
  return lines;
}
