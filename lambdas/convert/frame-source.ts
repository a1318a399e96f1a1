import type { OnProgress } from '../../core/ports.ts';
import { RefusedObject } from './refused-object.ts';

export { RefusedObject };

/**
 * A piece of the source as a temporary file: UTF-8 without BOM, lines ended by `\n`, one record a line.
 *
 * - Line `n` of the shard (counted from 1) is physical line `firstLine + n - 1` of the source (element number of a JSON
 *   array). The header and what stands before it are not in any shard.
 * - A line that is exactly `\x1e` belongs to the record above it, or is blank in the source: skip it. Within a record
 *   `\x1e` stands for a line break between quotes.
 * - A line that starts with `\x1d` is a finished rejection:
 *   `\x1d<reason>\t<message>\t<original byte length>\t<base64 of the raw bytes, maybe cut>`.
 * - A line that starts with `\x1c` is `\x1c<base64 of the raw line as UTF-8>`: it holds a control byte below 0x20 other
 *   than tab, or DEL is not meant; only a row reader should look at it.
 * - The `\r` of `\r\n` is never there.
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
  readonly kind: 'csv' | 'json';
  /** Between two cells of a csv; empty for json. */
  readonly delimiter: string;
  /** The header cells of a csv, unquoted and trimmed; empty for json. */
  readonly header: readonly string[];
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';
  readonly lineEnding: 'lf' | 'crlf' | 'cr' | 'mixed';
  readonly gzip: boolean;
  /** For people: `csv, latin-1, crlf, gzip`. */
  readonly description: string;
}

export interface FramedSource {
  /** Judged by the first block; the encoding is final once all shards have been taken. */
  readonly format: SourceFormat;
  /** Oddities worth a word to the sender; complete once all shards have been taken. */
  readonly warnings: readonly string[];
  /** Throws `RefusedObject` where the source breaks off; stop early with `return()` and the files are removed. */
  readonly shards: AsyncIterable<Shard>;
}

export interface FrameLimits {
  /** A longer line becomes a rejection `row:too_long`. Default 1 MiB. */
  readonly maxLineBytes: number;
  /** Of the decompressed source. Default 64 GiB. */
  readonly maxTotalBytes: number;
  /** Decompressed bytes for each compressed byte, beyond the first 10 MB. Default 1000. */
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

/**
 * Turns a local file into shards, streaming and in bounded memory.
 *
 * Throws `RefusedObject` when the file is no table that the contract could know.
 */
export async function frameSource(path: string, options: FrameOptions): Promise<FramedSource> {
  throw new RefusedObject(`${path}: not framed yet with ${options.scratch}`);
}
