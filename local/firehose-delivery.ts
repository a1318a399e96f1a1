import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { dataKey } from '../core/lake/keys.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { putEntry } from '../core/lake/put-entry.ts';
import { streamEntry } from '../core/lake/stream-entry.ts';
import { convertDelivered } from './delivered-parquet.ts';
import type { FileStore } from './file-store.ts';

/** Least buffer of Firehose where it converts to Parquet. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The end of a Firehose that converts JSON lines to Parquet: gathers the data of `Ok` results, and writes each buffer
 * as one file of processed/ with the ledger entry that names it. A buffer holds rows of one day.
 */
export class Delivery {
  readonly #store: FileStore;
  readonly #connection: DuckDBConnection;
  readonly #plan: DatasetPlan;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #day = '';
  #since = '';
  readonly entries: LedgerEntry[] = [];

  constructor(store: FileStore, connection: DuckDBConnection, plan: DatasetPlan) {
    this.#store = store;
    this.#connection = connection;
    this.#plan = plan;
  }

  /** Takes the lines of one record, which arrived at `arrival`. */
  async add(lines: Buffer, arrival: Date): Promise<void> {
    const since = arrival.toISOString();
    if (this.#day !== since.slice(0, 10)) await this.flush();
    if (this.#chunks.length === 0) {
      this.#since = since;
      this.#day = since.slice(0, 10);
    }
    this.#chunks.push(lines);
    this.#bytes += lines.length;
    if (this.#bytes >= MOST_BYTES) await this.flush();
  }

  /** Writes what was gathered: first the data, then the entry. */
  async flush(): Promise<void> {
    if (this.#chunks.length === 0) return;
    const lines = Buffer.concat(this.#chunks);
    const id = createHash('sha256').update(lines).digest('hex');
    const key = dataKey(this.#plan.name, this.#plan.partitionBy, this.#day, id, 0);
    const file = await this.#convert(lines, key);
    const entry = streamEntry({
      plan: this.#plan,
      id,
      name: `stream from ${this.#since}`,
      sizeBytes: lines.length,
      ...file,
      receivedAt: this.#since,
      rejectedByReason: {},
      rejectedFiles: [],
    });
    this.entries.push(await putEntry(this.#store, entry));
    this.#chunks = [];
    this.#bytes = 0;
    this.#day = '';
  }

  async #convert(lines: Buffer, key: string) {
    const folder = await this.#store.scratch.folder('stream');
    const [json, parquet] = [`${folder}/rows.jsonl`, `${folder}/rows.parquet`];
    try {
      await writeFile(json, lines);
      const delivered = await convertDelivered(this.#connection, this.#plan, json, parquet);
      const { sizeBytes } = await this.#store.putFile('processed', key, parquet);
      return { ...delivered, files: [{ key, rows: delivered.rows, sizeBytes }] };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
