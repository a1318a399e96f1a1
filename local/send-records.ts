import { setTimeout as sleep } from 'node:timers/promises';
import {
  FirehoseClient,
  type FirehoseClientConfig,
  PutRecordBatchCommand,
  type PutRecordBatchCommandOutput,
} from '@aws-sdk/client-firehose';
import type { Batch } from './pack-records.ts';
import { inCalls, MOST_RECORD_BYTES, type Outgoing } from './put-calls.ts';

/** With delays that double from a fifth of a second to ten seconds, about half a minute. */
const TRIES = 10;
const FIRST_DELAY_MS = 200;
const LAST_DELAY_MS = 10_000;
/** Of one call that is throttled or answered by 5xx; the SDK waits longer each time. */
const SDK_ATTEMPTS = 5;

export interface SendInput {
  /** Name of the delivery stream. */
  readonly stream: string;
  readonly batches: AsyncIterable<Batch>;
  /** Settings of the client. Default: the region, credentials and endpoint of the environment. */
  readonly client?: FirehoseClientConfig;
  /** Most times that a record is sent. Default 10. */
  readonly tries?: number;
  /** Longest wait before a record is sent for the second time; it doubles each time. Default 200. */
  readonly firstDelayMs?: number;
  readonly onProgress?: (done: Sent) => void;
}

/** What a delivery stream has confirmed. */
export interface Sent {
  readonly rows: number;
  readonly records: number;
  readonly calls: number;
  /** Records that were refused at first and sent again: none of these comes twice. */
  readonly resent: number;
  /** Records of calls that the SDK had to repeat, of which an earlier one may have had its effect: these may come twice. */
  readonly maybeTwice: number;
}

/** Records that a delivery stream has not confirmed; those before them were. */
export class RecordsNotDelivered extends Error {
  override readonly name = 'RecordsNotDelivered';
  readonly records: number;
  readonly rows: number;
  /** What was confirmed before. */
  readonly sent: Sent;

  constructor(missing: { readonly records: number; readonly rows: number }, sent: Sent, why: string, cause?: unknown) {
    const count = (value: number, what: string) => `${value.toLocaleString('en')} ${what}${value === 1 ? '' : 's'}`;
    const lost = `${count(missing.records, 'record')} with ${count(missing.rows, 'row')}`;
    super(
      `could not deliver ${lost}: ${why}; ${count(sent.rows, 'row')} before them came through, and nothing after them was sent; once that is mended, send the same rows again: those that come twice are settled by their key`,
      { cause },
    );
    this.records = missing.records;
    this.rows = missing.rows;
    this.sent = sent;
  }
}

/**
 * Puts records into a real delivery stream, in calls of up to 500 records or 4 MiB. Firehose may take a part of a call:
 * the records that it refused, and no others, are sent again, each time after a longer wait that chance shortens.
 *
 * Throws `RecordsNotDelivered` where records were refused too often, where a call failed for good, or where a record is
 * larger than Firehose takes. Every record that is not in its count was delivered, at least once.
 */
export async function sendRecords(input: SendInput): Promise<Sent> {
  const client = new FirehoseClient({ maxAttempts: SDK_ATTEMPTS, ...input.client });
  try {
    return await new Sender(input, client).run();
  } finally {
    client.destroy();
  }
}

class Sender {
  readonly #input: SendInput;
  readonly #client: FirehoseClient;
  #sent: Sent = { rows: 0, records: 0, calls: 0, resent: 0, maybeTwice: 0 };

  constructor(input: SendInput, client: FirehoseClient) {
    this.#input = input;
    this.#client = client;
  }

  async run(): Promise<Sent> {
    for await (const { records } of this.#input.batches) {
      for (const call of inCalls(records)) {
        await this.#deliver(call);
        this.#input.onProgress?.(this.#sent);
      }
    }
    return this.#sent;
  }

  async #deliver(call: readonly Outgoing[]): Promise<void> {
    const { tries = TRIES, firstDelayMs = FIRST_DELAY_MS } = this.#input;
    this.#requireSize(call);
    let left = call;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const { refused, reasons } = await this.#put(left);
      left = refused;
      if (left.length === 0) return;
      if (attempt === tries) throw this.#notDelivered(left, `refused ${tries} times, as ${reasons.join(', ')}`);
      this.#sent = { ...this.#sent, resent: this.#sent.resent + left.length };
      await sleep(Math.random() * Math.min(LAST_DELAY_MS, firstDelayMs * 2 ** (attempt - 1)));
    }
  }

  /** Sends records once; returns those that were refused. */
  async #put(records: readonly Outgoing[]): Promise<{ refused: Outgoing[]; reasons: string[] }> {
    const Records = records.map(({ bytes }) => ({ Data: bytes }));
    const command = new PutRecordBatchCommand({ DeliveryStreamName: this.#input.stream, Records });
    let answer: PutRecordBatchCommandOutput;
    try {
      answer = await this.#client.send(command);
    } catch (error) {
      throw this.#notDelivered(records, `${(error as Error).name}: ${(error as Error).message}`, error);
    }
    const { RequestResponses = [], FailedPutCount = 0, $metadata } = answer;
    const refused = records.filter((_, at) => RequestResponses[at]?.ErrorCode !== undefined);
    if (RequestResponses.length !== records.length || refused.length !== FailedPutCount) {
      const said = `${RequestResponses.length} results and ${FailedPutCount} refusals, of which it names ${refused.length}`;
      throw this.#notDelivered(records, `the answer to ${records.length} records has ${said}`);
    }
    const taken = records.length - refused.length;
    const { rows, records: before, calls, maybeTwice } = this.#sent;
    this.#sent = {
      ...this.#sent,
      rows: rows + rowsOf(records) - rowsOf(refused),
      records: before + taken,
      calls: calls + 1,
      maybeTwice: maybeTwice + (($metadata.attempts ?? 1) > 1 ? taken : 0),
    };
    return { refused, reasons: [...new Set(RequestResponses.flatMap(({ ErrorCode }) => ErrorCode ?? []))] };
  }

  #requireSize(call: readonly Outgoing[]): void {
    const large = call.find(({ bytes }) => bytes.length > MOST_RECORD_BYTES);
    if (large === undefined) return;
    const size = `a row has ${large.bytes.length} bytes, Firehose takes at most ${MOST_RECORD_BYTES}`;
    throw this.#notDelivered(call, size);
  }

  #notDelivered(records: readonly Outgoing[], why: string, cause?: unknown): RecordsNotDelivered {
    return new RecordsNotDelivered({ records: records.length, rows: rowsOf(records) }, this.#sent, why, cause);
  }
}

function rowsOf(records: readonly Outgoing[]): number {
  return records.reduce((sum, { rows }) => sum + rows, 0);
}
