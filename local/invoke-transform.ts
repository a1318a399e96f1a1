import { setTimeout as sleep } from 'node:timers/promises';
import type { FirehoseEvent, FirehoseRecord, FirehoseResponse, FirehoseResult } from '../core/etl/envelope.ts';
import type { TransformHandler } from '../lambdas/transform/transform-events.ts';

/** Firehose calls a transform once and three times more before it gives a batch up. */
const ATTEMPTS = 4;
const RETRY_MS = 100;
/** Lambda passes no larger answer on, and no larger event. */
const MOST_BYTES = 6_291_556;

/** What came back for one record. */
export interface Answered {
  readonly record: FirehoseRecord;
  readonly result: FirehoseResult;
}

/** A batch that was given up; the message says why. */
export class BatchFailed extends Error {
  override readonly name = 'BatchFailed';
}

/** Calls the transform as Lambda does, through JSON, and as Firehose does, with retries and a check of every id. */
export async function invokeTransform(transform: TransformHandler, event: FirehoseEvent): Promise<Answered[]> {
  const json = passOn('event', event);
  for (let attempt = 1; ; attempt++) {
    try {
      const response = passOn('answer', await transform(JSON.parse(json) as FirehoseEvent));
      return match(event.records, JSON.parse(response) as FirehoseResponse);
    } catch (error) {
      if (attempt === ATTEMPTS) throw new BatchFailed((error as Error).message, { cause: error });
      await sleep(RETRY_MS * 2 ** attempt);
    }
  }
}

function passOn(what: string, value: unknown): string {
  const json = JSON.stringify(value);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MOST_BYTES) return json;
  throw new Error(`the ${what} has ${bytes} bytes, Lambda passes on at most ${MOST_BYTES}`);
}

/** Each record with its result. Throws unless there is exactly one result for each id. */
function match(records: readonly FirehoseRecord[], { records: results }: FirehoseResponse): Answered[] {
  const byId = new Map(results.map((result) => [result.recordId, result]));
  if (results.length !== records.length || byId.size !== records.length) {
    throw new Error(`the answer has ${results.length} results, expected one for each of ${records.length} records`);
  }
  return records.map((record) => {
    const result = byId.get(record.recordId);
    if (result === undefined) throw new Error(`the answer has no result for the record ${record.recordId}`);
    return { record, result };
  });
}
