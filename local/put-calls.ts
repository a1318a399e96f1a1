import type { FirehoseRecord } from '../core/etl/envelope.ts';

/** Of PutRecordBatch: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html. */
const MOST_RECORDS = 500;
const MOST_BYTES = 4 * 1024 * 1024;
/** Of one record. */
export const MOST_RECORD_BYTES = 1000 * 1024;

/** A record as it is sent. */
export interface Outgoing {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** Divides records into calls of PutRecordBatch, in their order. */
export function inCalls(records: readonly FirehoseRecord[]): Outgoing[][] {
  const calls: Outgoing[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { data } of records) {
    const record = outgoing(data);
    const open = calls.at(-1);
    if (open === undefined || open.length === MOST_RECORDS || bytes + record.bytes.length > MOST_BYTES) {
      calls.push([record]);
      bytes = record.bytes.length;
    } else {
      open.push(record);
      bytes += record.bytes.length;
    }
  }
  return calls;
}

function outgoing(data: string): Outgoing {
  const bytes = Buffer.from(data, 'base64');
  let rows = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', end + 1)) rows += 1;
  return { bytes, rows };
}
