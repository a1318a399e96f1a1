import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { WORKBOOK } from '../convert/describe-format.ts';
import type { FrameLimits, SourceFormat } from '../convert/frame-source.ts';
import { inflateSource } from '../convert/inflate-source.ts';
import { ERASED_ELEMENT } from '../convert/marked-line.ts';
import type { Hit } from './search-source.ts';
import { type Segment, segmentsOf } from './source-segments.ts';

/** The source was framed before, within the limits of an intake. */
const NO_LIMITS: FrameLimits = {
  maxLineBytes: Number.POSITIVE_INFINITY,
  maxTotalBytes: Number.POSITIVE_INFINITY,
  maxRatio: Number.POSITIVE_INFINITY,
};
/** Characters of a long line that are looked at again with what follows them: no identifier is as long. */
const OVERLAP = 4096;
const BATCH_BYTES = 256 * 1024;

/**
 * Writes a source without some of its records, compressed where it was. Their lines stay, empty; in a JSON array
 * a mark that is no record stands in their place. So every other record keeps its bytes and its line, of which ids are
 * made. A workbook is written anew, see `rewriteWorkbook`. Returns the SHA-256 of what was written.
 */
export async function rewriteSource(
  path: string,
  format: SourceFormat,
  hits: readonly Hit[],
  out: string,
): Promise<string> {
  if (format.description === WORKBOOK) {
    const { rewriteWorkbook } = await import('./rewrite-workbook.ts');
    await rewriteWorkbook(path, new Set(hits.map(({ line }) => line)), out);
    return checksumOf(out);
  }
  const { chunks, gzip } = await inflateSource(path, NO_LIMITS);
  const shape = shapeOf(format);
  const erased = new Set(hits.flatMap(({ line, lines }) => Array.from({ length: lines }, (_, n) => line + n)));
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const kept = Readable.from(inBatches(without(segmentsOf(chunks, shape), erased, shape.isArray)), {
    objectMode: false,
  });
  const compressing = gzip ? [createGzip()] : [];
  await pipeline([kept, ...compressing, hashing, createWriteStream(out)]);
  return hash.digest('hex');
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Which of some lines hold the person; all of their bytes are looked at, however long they are. */
export async function linesWith(
  path: string,
  format: SourceFormat,
  lines: readonly number[],
  person: PersonMatcher,
): Promise<ReadonlySet<number>> {
  if (lines.length === 0) return new Set();
  if (format.description === WORKBOOK) {
    const { rowsWith } = await import('./rewrite-workbook.ts');
    return rowsWith(path, new Set(lines), person);
  }
  const { chunks } = await inflateSource(path, NO_LIMITS);
  const wanted = new Set(lines);
  const found = new Set<number>();
  const encoding = format.encoding === 'latin-1' ? 'latin1' : format.encoding;
  let at: number | undefined;
  let text = '';
  let decoder = new TextDecoder(encoding);
  for await (const { line, bytes } of segmentsOf(chunks, shapeOf(format))) {
    if (line === undefined || !wanted.has(line) || found.has(line)) continue;
    if (line !== at) {
      text = '';
      decoder = new TextDecoder(encoding);
    }
    at = line;
    text = text.slice(-OVERLAP) + decoder.decode(bytes, { stream: true });
    if (person.isIn(text)) found.add(line);
  }
  return found;
}

function shapeOf({ description, encoding, lineEnding }: SourceFormat) {
  return { isArray: description.startsWith('json array'), encoding, lineEnding };
}

/** Streams cost a turn for each piece, and a record is a small one. */
async function* inBatches(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    batch.push(piece);
    bytes += piece.length;
    if (bytes < BATCH_BYTES) continue;
    yield Buffer.concat(batch, bytes);
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(batch, bytes);
}

async function* without(
  segments: AsyncIterable<Segment>,
  erased: ReadonlySet<number>,
  isArray: boolean,
): AsyncGenerator<Buffer> {
  let marked = 0;
  for await (const { line, bytes } of segments) {
    if (line === undefined || !erased.has(line)) yield bytes;
    else if (isArray && line !== marked) {
      marked = line;
      yield ERASED_ELEMENT;
    }
  }
}
