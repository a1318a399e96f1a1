import { createHash } from 'node:crypto';
import type { FirehoseRecord } from '../core/etl/envelope.ts';

/** One row as it is sent: JSON text, without a line end. */
export type StreamRow = string;

/** Most rows of a record. */
const RECORD_ROWS = 30;
/** Firehose bills a record in steps of 5 KB: two full steps waste little, and a row alone would waste most of one. */
const RECORD_BYTES = 2 * 5 * 1024;
/** Of data, the default hint of Firehose for the batches of a transform. */
const BATCH_BYTES = 1024 * 1024;

export interface PackOptions {
  /** Different for each stream, so that two streams of the same rows are two streams. */
  readonly streamId: string;
  readonly now: () => Date;
  /** Longest wait of a row for its batch. */
  readonly batchSeconds: number;
}

export interface Batch {
  readonly records: readonly FirehoseRecord[];
  readonly rows: number;
}

/**
 * Packs rows into records of up to 30 rows or 10 KB, and records into batches of up to 1 MB or `batchSeconds`, as a
 * sender and Firehose do. A larger row is a record of its own.
 */
export async function* packRecords(rows: AsyncIterable<StreamRow>, options: PackOptions): AsyncGenerator<Batch> {
  const packer = new Packer(options);
  for await (const row of rows) {
    packer.add(row);
    if (packer.isFull()) yield packer.take();
  }
  if (packer.hasRows()) yield packer.take();
}

class Packer {
  readonly #options: PackOptions;
  #records: FirehoseRecord[] = [];
  #open: string[] = [];
  #openBytes = 0;
  #batchBytes = 0;
  #rows = 0;
  #count = 0;
  #since = 0;

  constructor(options: PackOptions) {
    this.#options = options;
  }

  add(row: StreamRow): void {
    const bytes = Buffer.byteLength(row) + 1;
    if (this.#open.length === RECORD_ROWS || (this.#open.length > 0 && this.#openBytes + bytes > RECORD_BYTES)) {
      this.#close();
    }
    if (this.#rows === 0) this.#since = this.#options.now().getTime();
    this.#open.push(row);
    this.#openBytes += bytes;
    this.#batchBytes += bytes;
    this.#rows++;
  }

  isFull(): boolean {
    if (this.#batchBytes >= BATCH_BYTES) return true;
    return this.#options.now().getTime() - this.#since >= this.#options.batchSeconds * 1000;
  }

  hasRows(): boolean {
    return this.#rows > 0;
  }

  take(): Batch {
    this.#close();
    const batch = { records: this.#records, rows: this.#rows };
    this.#records = [];
    this.#batchBytes = 0;
    this.#rows = 0;
    return batch;
  }

  #close(): void {
    if (this.#open.length === 0) return;
    this.#records.push({
      recordId: recordId(this.#options.streamId, this.#count++),
      approximateArrivalTimestamp: this.#options.now().getTime(),
      data: Buffer.from(`${this.#open.join('\n')}\n`).toString('base64'),
    });
    this.#open = [];
    this.#openBytes = 0;
  }
}

/** 56 digits, as Firehose's. */
function recordId(streamId: string, count: number): string {
  const digits = BigInt(`0x${createHash('sha256').update(streamId).digest('hex')}`).toString();
  return `4${digits.padStart(40, '0').slice(-40)}${String(count).padStart(15, '0')}`;
}
