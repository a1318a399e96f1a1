import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { OnProgress } from '../../core/ports.ts';
import { describeFormat } from './describe-format.ts';
import { detectLayout, type Layout } from './detect-layout.ts';
import { RecordFramer } from './frame-records.ts';
import { inflateSource, type SourceBytes } from './inflate-source.ts';
import { JsonElements } from './json-elements.ts';
import { openText, type SourceText } from './open-text.ts';
import { RefusedObject } from './refused-object.ts';
import { ShardWriter } from './shard-writer.ts';
import { takeAhead } from './take-ahead.ts';

export { RefusedObject, type SourceBytes };

/**
 * A piece of the source as a temporary file: UTF-8 without BOM, lines ended by `\n`, one record a line.
 *
 * - Line `n` of the shard (counted from 1) is physical line `firstLine + n - 1` of the source (element number of a JSON
 *   array). The header and what stands before it are not in any shard.
 * - A line that is exactly `\x1e` belongs to the record above it, is blank in the source, or stands for an erased
 *   element of a JSON array: skip it. Within a record
 *   `\x1e` stands for a line break between quotes. Quotes are followed as `scanQuotes` says.
 * - A line that starts with `\x1d` is a finished rejection:
 *   `\x1d<reason>\t<message>\t<original byte length>\t<base64 of the raw bytes, maybe cut>`.
 *   The bytes are those of the line decoded to UTF-8 (so the source's own, unless that is Latin-1 or UTF-16), all of them
 *   up to `maxLineBytes`, else the first 4 KiB. `row:quote` concerns one physical line: framing begins anew below it.
 * - A line that starts with `\x1c` is `\x1c<base64 of the record as UTF-8>`: it holds a control byte below 0x20 other than
 *   tab, so only a row reader should look at it. Line breaks between quotes are `\n` in it.
 * - The `\r` of `\r\n` is cut everywhere, between quotes too: such a line break is read as `\n`.
 *
 * Whoever takes a shard removes its file when done.
 */
export interface Shard {
  readonly path: string;
  /** Physical line of the source, counted from 1, of the shard's first line. */
  readonly firstLine: number;
  /** Lines in the shard, placeholders and marked lines included. */
  readonly lines: number;
  /** Size of the shard's file. */
  readonly bytes: number;
}

/** What the source turned out to be. */
export interface SourceFormat {
  /** The sheet of a workbook is framed as csv. */
  readonly kind: 'csv' | 'json';
  /** Between two cells of a csv; empty for json. */
  readonly delimiter: string;
  /** The header cells of a csv, unquoted and trimmed; empty for json. */
  readonly header: readonly string[];
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';
  readonly lineEnding: 'lf' | 'crlf' | 'cr' | 'mixed';
  readonly gzip: boolean;
  /** For people: `csv, latin-1, crlf, gzip`, or `xlsx`. */
  readonly description: string;
}

export interface FramedSource {
  /** Judged by the first block; the encoding is final once all shards have been taken. */
  readonly format: SourceFormat;
  /** Oddities worth a word to the sender; complete once all shards have been taken. */
  readonly warnings: readonly string[];
  /** Throws `RefusedObject` where the source breaks off. Files that were not handed over are removed at the end. */
  readonly shards: AsyncIterable<Shard>;
  /** Lets go of the source; needed only when the shards are not asked for at all. */
  close(): Promise<void>;
}

export interface FrameLimits {
  /** A longer line becomes a rejection `row:too_long`. Default 1 MiB. */
  readonly maxLineBytes: number;
  /** Of the decompressed source. Default 64 GiB. */
  readonly maxTotalBytes: number;
  /** Decompressed bytes for each compressed byte, beyond the first 10 MB. Default 200: gzip itself cannot pass 1032, tables rarely pass 20. */
  readonly maxRatio: number;
}

export interface FrameOptions {
  /** An existing folder for the shards. */
  readonly scratch: string;
  /** Shards are cut at the first line end beyond it. Default 48 MiB. */
  readonly shardBytes?: number;
  readonly limits?: Partial<FrameLimits>;
  /** Of the contract; tells the header and the delimiter of a csv. */
  readonly knownColumns: readonly string[];
  readonly onProgress?: OnProgress;
}

const DEFAULT_LIMITS: FrameLimits = { maxLineBytes: 1024 * 1024, maxTotalBytes: 64 * 1024 ** 3, maxRatio: 200 };
const DEFAULT_SHARD_BYTES = 24 * 1024 * 1024;
const SHARDS_AHEAD = 3;
/** `PK` with the mark of a part, or of the end of an empty zip. */
const ZIP_STARTS = [0x504b0304, 0x504b0506];

/**
 * Turns a local file, or bytes that come, into shards, streaming and in bounded memory: a few MiB, whatever the file.
 *
 * Shards are made while the consumer works, at most three ahead of it. The encoding is judged as `sourceDecoder` says,
 * the dialect as `detectDialect` says; a file whose first character is `[` or `{` is JSON. A zip is read as a workbook,
 * see `frameWorkbook`.
 *
 * Throws `RefusedObject`, whose message does not name the object, when the file is no table that the contract could
 * know.
 */
export async function frameSource(given: string | SourceBytes, options: FrameOptions): Promise<FramedSource> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const shardBytes = options.shardBytes ?? DEFAULT_SHARD_BYTES;
  if (typeof given === 'string' && (await startsAsZip(given))) {
    const { frameWorkbook } = await import('./workbook/frame-workbook.ts');
    return frameWorkbook(given, { ...options, limits, shardBytes, ahead: SHARDS_AHEAD });
  }
  const source = await inflateSource(given, limits);
  const text = await openText(source.chunks);
  const layout = await detectOrClose(text, options.knownColumns);
  const writer = new ShardWriter(options.scratch, shardBytes, layout.firstLine);
  const framer = framerFor(layout, limits, writer);
  const rows = () => writer.nextLine - layout.firstLine;
  const report = () => options.onProgress?.({ bytes: source.bytesRead(), totalBytes: source.sizeBytes, rows: rows() });
  const shards = frameShards(text, layout.dataStart, framer, writer, report);
  return {
    get format() {
      return describeFormat(layout, text, source.gzip, framer.crlfLines, rows());
    },
    warnings: layout.warnings,
    shards: takeAhead(shards, SHARDS_AHEAD, (shard) => rmSync(shard.path, { force: true })),
    async close() {
      await text.rest.return(undefined);
    },
  };
}

async function startsAsZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && ZIP_STARTS.includes(buffer.readUInt32BE(0));
  } finally {
    await file.close();
  }
}

async function detectOrClose(text: SourceText, knownColumns: readonly string[]): Promise<Layout> {
  try {
    return detectLayout(text, knownColumns);
  } catch (error) {
    await text.rest.return(undefined);
    throw error;
  }
}

/** Takes UTF-8 text in chunks of any size and writes its records. */
interface Framer {
  push(chunk: Buffer): void;
  end(): void;
  /** Lines that ended in `\r\n`. */
  readonly crlfLines: number;
}

function framerFor(layout: Layout, { maxLineBytes }: FrameLimits, writer: ShardWriter): Framer {
  if (layout.kind === 'json array') return new JsonElements(maxLineBytes, writer);
  const delimiter = layout.kind === 'csv' ? layout.delimiter.charCodeAt(0) : undefined;
  return new RecordFramer({ delimiter, maxLineBytes }, writer);
}

async function* frameShards(
  text: SourceText,
  dataStart: number,
  framer: Framer,
  writer: ShardWriter,
  report: () => void,
): AsyncGenerator<Shard> {
  try {
    framer.push(text.head.subarray(dataStart));
    yield* finishedOf(writer);
    for await (const chunk of text.rest) {
      framer.push(chunk);
      report();
      yield* finishedOf(writer);
    }
    framer.end();
    writer.end();
    report();
    yield* finishedOf(writer);
  } finally {
    writer.discard();
    await text.rest.return(undefined);
  }
}

/** One by one, so that the writer still knows those that nobody takes. */
function* finishedOf(writer: ShardWriter): Generator<Shard> {
  for (let shard = writer.nextFinished(); shard !== undefined; shard = writer.nextFinished()) yield shard;
}
