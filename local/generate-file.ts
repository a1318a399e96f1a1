import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BrokenCount, TextFormat } from '../core/generate/dataset-generator.ts';
import { encodeRows } from '../core/generate/encode-rows.ts';
import { endlessRows, type GeneratedRow } from '../core/generate/endless-rows.ts';
import { generatorOf } from '../datasets/generators.ts';

export interface GenerateFileOptions {
  readonly dataset: { readonly name: string };
  readonly rows: number;
  /** Path of the file; its name says the format: `.csv`, `.jsonl` or `.json`, each also with `.gz`. */
  readonly out: string;
  readonly seed: number;
  /** Share of broken rows, 0 to 1; none unless given. */
  readonly dirty?: number;
  /** Used instead of what the name says. */
  readonly format?: FileFormat;
  /** Columns to write; the generator's default columns unless given. */
  readonly columns?: readonly string[];
  /** Called with the rows written so far. */
  readonly onProgress?: (rows: number) => void;
}

export type FileFormat = TextFormat | `${TextFormat}.gz`;

export interface GeneratedFile {
  readonly dataset: string;
  readonly out: string;
  readonly format: FileFormat;
  readonly rows: number;
  readonly seed: number;
  /** Each kind of broken row that fits the file, with what the lake must make of it. */
  readonly broken: readonly BrokenCount[];
}

const FORMATS = ['csv', 'csv.gz', 'jsonl', 'jsonl.gz', 'json', 'json.gz'] as const;
const GZIP_LEVEL = 3;

/** Writes a file of generated rows; it appears under its name when it is whole. */
export async function generateFile(options: GenerateFileOptions): Promise<GeneratedFile> {
  const { dataset, rows, out, seed, dirty, columns, onProgress } = options;
  const format = options.format ?? formatOf(out);
  const encoded = encodeRows(generatorOf(dataset.name), {
    rows,
    seed,
    format: format.replace('.gz', '') as TextFormat,
    ...(dirty === undefined ? {} : { dirty }),
    ...(columns === undefined ? {} : { columns }),
  });
  let broken: readonly BrokenCount[] = [];
  const pieces = function* () {
    for (let done = 0, next = encoded.next(); ; next = encoded.next()) {
      if (next.done) {
        broken = next.value;
        return;
      }
      yield next.value.bytes;
      done += next.value.rows;
      onProgress?.(done);
    }
  };
  const unfinished = `${out}.${process.pid}.part`;
  const gzip = format.endsWith('.gz') ? [createGzip({ level: GZIP_LEVEL, chunkSize: 256 * 1024 })] : [];
  try {
    await pipeline([Readable.from(pieces(), { highWaterMark: 2 }), ...gzip, createWriteStream(unfinished)]);
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw 'syscall' in Object(error) ? notWritten(out, error as NodeJS.ErrnoException) : error;
  }
  return { dataset: dataset.name, out, format, rows, seed, broken };
}

/** Rows without end for a stream: plain objects with their own key, the present as their time. */
export function generateRows(options: {
  readonly dataset: { readonly name: string };
  readonly seed: number;
  readonly now: () => Date;
}): Iterable<GeneratedRow> {
  return endlessRows(generatorOf(options.dataset.name), options);
}

function notWritten(out: string, cause: NodeJS.ErrnoException): Error {
  const reason = cause.code === 'ENOENT' ? `there is no folder '${dirname(resolve(out))}'` : cause.code;
  return new Error(`'${out}' cannot be written: ${reason}`, { cause });
}

function formatOf(out: string): FileFormat {
  const found = FORMATS.find((format) => out.toLowerCase().endsWith(`.${format}`));
  if (found) return found;
  throw new Error(
    `no format to be seen in the name '${out}', expected one that ends in ${FORMATS.map((it) => `.${it}`).join(', ')}`,
  );
}
