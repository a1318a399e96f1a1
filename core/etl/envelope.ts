/** What Firehose sends to a transform Lambda and what it wants back. */
import { Buffer } from 'node:buffer';

export interface FirehoseRecord {
  /** Opaque; echoed in the answer. */
  readonly recordId: string;
  /** The sender's bytes in base64. */
  readonly data: string;
  /** Milliseconds since 1970; the same when Firehose sends the record again. */
  readonly approximateArrivalTimestamp?: number;
}

export interface FirehoseEvent {
  readonly invocationId?: string;
  readonly deliveryStreamArn?: string;
  readonly region?: string;
  readonly records: readonly FirehoseRecord[];
}

/**
 * The answer for one record. Firehose delivers the data of `Ok` and puts its own copy of a `ProcessingFailed` record
 * under the error prefix. There is no `Dropped`: Firehose counts it as success and keeps nothing.
 */
export type FirehoseResult =
  | { readonly recordId: string; readonly result: 'Ok'; readonly data: string }
  | { readonly recordId: string; readonly result: 'ProcessingFailed'; readonly data?: string };

export interface FirehoseResponse {
  readonly records: readonly FirehoseResult[];
}

/** Most bytes of an answer that Lambda passes on is 6,291,556; the rest is margin. */
export const MOST_RESPONSE_BYTES = 6_200_000;

const FRAME_BYTES = '{"records":[]}'.length;
const FAILED_BYTES = '{"recordId":,"result":"ProcessingFailed"},'.length;
const DATA_BYTES = ',"data":""'.length;
const OK_BYTES = DATA_BYTES + '"Ok"'.length - '"ProcessingFailed"'.length;

/** Counts the bytes of an answer as it is put together, so that it never grows over the limit. */
export interface ResponseBudget {
  /** Takes the room that an `Ok` with this data needs, and says whether it was there. */
  takeOk(data: string): boolean;
  /** Takes the room that a `ProcessingFailed` with this data needs, and says whether it was there. */
  takeFailed(data: string): boolean;
}

/**
 * Sets room aside for a bare `ProcessingFailed` for every record; what is left is for data.
 *
 * Firehose's own record ids have 56 digits: 20,000 bare answers take 2.0 MB. Throws where the ids alone do not fit,
 * which no request that fits into Lambda's 6 MB holds unless its ids are longer than 250 characters.
 */
export function responseBudget(recordIds: readonly string[], limit = MOST_RESPONSE_BYTES): ResponseBudget {
  let left = limit - FRAME_BYTES;
  for (const recordId of recordIds) left -= FAILED_BYTES + jsonBytes(recordId);
  if (left < 0) {
    throw new Error(
      `answer to ${recordIds.length} records needs ${limit - left} bytes for their ids alone, at most ${limit} are allowed: lower the buffer size`,
    );
  }
  const take = (bytes: number) => {
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  return {
    takeOk: (data) => take(OK_BYTES + data.length),
    takeFailed: (data) => take(DATA_BYTES + jsonBytes(data)),
  };
}

/**
 * The ids of an event's records. Throws where there are no records, or where one has no id: without it Firehose
 * cannot be answered, and refuses the whole answer.
 */
export function recordIdsOf(event: FirehoseEvent): string[] {
  if (!Array.isArray(event?.records)) throw new Error('event has no records: expected a Firehose transform event');
  return event.records.map((record: FirehoseRecord | null, index) => {
    const recordId: unknown = record?.recordId;
    if (typeof recordId === 'string') return recordId;
    throw new Error(`record ${index} has a recordId of type ${typeof recordId}, expected a string`);
  });
}

/** UTF-8 bytes of a string as JSON. */
function jsonBytes(text: string): number {
  return SAFE.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text));
}

/** Nothing that JSON would escape or UTF-8 would widen. */
const SAFE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
