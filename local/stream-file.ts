import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type DatasetPlan, sourceColumns } from '../core/contract/plan.ts';
import { splitRows } from '../core/etl/split-json.ts';
import { splitLine } from '../core/etl/split-line.ts';
import { frameSource, RefusedObject, type SourceFormat } from '../lambdas/convert/frame-source.ts';
import { linesOf } from './lines-of.ts';
import type { StreamRow } from './pack-records.ts';

/**
 * The rows of a file as a sender would send them: one JSON text each, with the file's checksum and the row's line, so
 * that a row has the same key whichever way it comes. A line that is no record is sent as a JSON string, which the transform
 * refuses as the one row that it is.
 *
 * Throws `RefusedObject` for a file that is no table.
 *
 * @param scratch folder for temporary files; removed at the end.
 */
export async function* rowsOfFile(path: string, plan: DatasetPlan, scratch: string): AsyncGenerator<StreamRow> {
  try {
    const checksum = await checksumOf(path);
    const knownColumns = sourceColumns(plan).map(({ name }) => name);
    const source = await frameSource(path, { scratch, knownColumns });
    // Asked for once: each time it is described anew.
    const { format } = source;
    for await (const shard of source.shards) {
      let line = shard.firstLine;
      for await (const text of linesOf(shard.path)) {
        if (text !== PLACEHOLDER) yield rowOf(text, format, { source_checksum: checksum, source_line: line });
        line += 1;
      }
      await rm(shard.path, { force: true });
    }
  } catch (error) {
    throw error instanceof RefusedObject ? new RefusedObject(`${path}: ${error.message}`) : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Marks of framing, see `Shard`. */
const PLACEHOLDER = '\x1e';
const REJECTED = '\x1d';
const ODD = '\x1c';

function rowOf(line: string, { kind, delimiter, header }: SourceFormat, position: object): StreamRow {
  if (line.startsWith(REJECTED)) return JSON.stringify(decoded(line.split('\t')[3] ?? ''));
  const text = line.startsWith(ODD) ? decoded(line.slice(1)) : line.replaceAll(PLACEHOLDER, '\n');
  if (kind === 'json') return withPosition(text, position);
  const cells = splitLine(text, delimiter);
  if (cells === 'row:quote' || cells.length !== header.length) return JSON.stringify(text);
  const row = Object.fromEntries(header.map((name, place) => [name.trim().toLowerCase(), cells[place]]));
  return JSON.stringify({ ...row, ...position });
}

/** The position goes into the text itself, so that the other values keep every digit. */
function withPosition(text: string, position: object): string {
  const end = text.trimEnd().lastIndexOf('}');
  // Two objects on a line are one bad row of a file, and would be two rows of a record.
  const isOneRow = splitRows(text, 2)?.[0] === text && text.trimStart().startsWith('{');
  if (!isOneRow || end === -1) return JSON.stringify(text);
  const isEmpty = /^\s*\{\s*\}\s*$/.test(text);
  return `${text.slice(0, end)}${isEmpty ? '' : ','}${JSON.stringify(position).slice(1, -1)}}`;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
