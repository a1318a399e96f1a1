import { Buffer } from 'node:buffer';
import type { Reason } from '../contract/validator.ts';
import type { Rejection } from '../lake/rejections.ts';
import type { RowFault } from './decode-record.ts';
import { readExactJson } from './exact-json.ts';
import { ownValue } from './parse-json-value.ts';

/** Name of the source in rejections: a stream's rows come from no file. */
const SOURCE_NAME = 'stream';

/** A row that was read and refused. Where its record says which line of which file it was, the rejection says so too. */
export function refusedRow(dataset: string, text: string, reason: Reason, ingestedAt: string): Rejection {
  return {
    dataset,
    source: 'stream',
    ...statedSource(text),
    reason: `${reason.column}:${reason.rule}`,
    column_name: reason.column === 'row' ? null : reason.column,
    message: reason.message,
    raw: text,
    raw_encoding: 'text',
    raw_bytes: BigInt(Buffer.byteLength(text)),
    ingested_at: ingestedAt,
  };
}

/** Bytes that could not be read as a row. */
export function unreadableRow(dataset: string, fault: RowFault, ingestedAt: string): Rejection {
  return {
    dataset,
    source: 'stream',
    ...NO_SOURCE,
    reason: fault.reason,
    column_name: null,
    message: fault.message,
    raw: Buffer.from(fault.bytes).toString('base64'),
    raw_encoding: 'base64',
    raw_bytes: BigInt(fault.bytes.length),
    ingested_at: ingestedAt,
  };
}

type StatedSource = Pick<Rejection, 'source_checksum' | 'source_name' | 'source_line'>;

const NO_SOURCE: StatedSource = { source_checksum: null, source_name: SOURCE_NAME, source_line: null };

function statedSource(text: string): StatedSource {
  const object = readExactJson(text, false)?.value;
  if (typeof object !== 'object' || object === null) return NO_SOURCE;
  const checksum = ownValue(object, 'source_checksum');
  const line = ownValue(object, 'source_line');
  if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum)) return NO_SOURCE;
  if (!Number.isSafeInteger(line) || (line as number) < 1) return NO_SOURCE;
  return { source_checksum: checksum, source_name: SOURCE_NAME, source_line: BigInt(line as number) };
}
