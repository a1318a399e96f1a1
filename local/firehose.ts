import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { FirehoseRecord } from '../core/etl/envelope.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import type { FeaturePlan } from '../core/features/feature-plan.ts';
import type { Counts, LedgerEntry } from '../core/lake/ledger.ts';
import type { OnProgress } from '../core/ports.ts';
import {
  type BatchScorer,
  type ScoredBatch,
  type TransformHandler,
  transformEvents,
} from '../lambdas/transform/transform-events.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { Delivery } from './firehose-delivery.ts';
import { BatchFailed, invokeTransform } from './invoke-transform.ts';
import { lockLake } from './lock.ts';
import { registryReader } from './model/registry-reader.ts';
import { pace } from './pace.ts';
import { type Batch, packRecords, type StreamRow } from './pack-records.ts';
import { openPseudonymKey } from './pseudonym-key.ts';
import { withEngine } from './with-engine.ts';

export interface StreamInput {
  /** Folder of the lake; made where it is missing. */
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly rows: AsyncIterable<StreamRow> | Iterable<StreamRow>;
  /** Rows a second; without it, as fast as they are taken. */
  readonly rate?: number;
  /** When to stop [s]; without it, when the rows end. */
  readonly seconds?: number;
  /** Longest wait of a row for its batch. Default 1. */
  readonly batchSeconds?: number;
  /** Default: the lake's own, made at first need. */
  readonly pseudonymKey?: PseudonymKey;
  /** Scores the rows on their way in with the champion of the lake. Default: none is scored. */
  readonly scoreWith?: FeaturePlan | undefined;
  readonly now: () => Date;
  /** Different for each stream. Default: random. */
  readonly newId?: () => string;
  readonly onProgress?: OnProgress;
}

/** Rows in = accepted + rejected + duplicates. */
export interface StreamSummary extends Counts {
  readonly dataset: string;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly records: number;
  /** Calls of the transform. */
  readonly batches: number;
  /** Records whose own bytes lie under rejected/processing-failed/ as well. */
  readonly failedRecords: number;
  readonly seconds: number;
  /** Only where rows were to be scored: scored + unscored is all that was accepted, repeated rows included. */
  readonly scoring?: ScoredBatch;
}

/**
 * A Firehose on this machine: packs rows into records and batches, calls the real transform, delivers what it answers
 * as Parquet with its ledger entry, and keeps failed records as Firehose does. Does not curate.
 *
 * Throws `BatchFailed` where the transform failed four times on a batch, once all records of the batch are kept and all
 * that was answered before is delivered; and `LakeInUse`, `LakeUnavailable`.
 */
export async function streamRows(input: StreamInput): Promise<StreamSummary> {
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    return await withEngine(store, async (connection) => {
      return new Firehose(input, store, new Delivery(store, connection, input.dataset)).run();
    });
  } finally {
    await release();
  }
}

class Firehose {
  readonly #input: StreamInput;
  readonly #store: FileStore;
  readonly #delivery: Delivery;
  /** Entries of what the transform kept aside. */
  readonly #aside = new Map<string, LedgerEntry>();
  readonly #sent = { records: 0, batches: 0, failedRecords: 0 };
  #scoring: ScoredBatch = { scored: 0, unscored: 0 };
  #rows = 0;

  constructor(input: StreamInput, store: FileStore, delivery: Delivery) {
    this.#input = input;
    this.#store = store;
    this.#delivery = delivery;
  }

  async run(): Promise<StreamSummary> {
    const started = performance.now();
    const { rows, now, batchSeconds = 1, newId = randomUUID, onProgress } = this.#input;
    const transform = this.#transform();
    try {
      for await (const batch of packRecords(pace(rows, this.#input), { streamId: newId(), now, batchSeconds })) {
        await this.#send(batch, transform);
        onProgress?.({ bytes: 0, totalBytes: 0, rows: this.#rows });
      }
    } finally {
      await this.#delivery.flush();
    }
    const entries = [...this.#aside.values(), ...this.#delivery.entries];
    const seconds = (performance.now() - started) / 1000;
    const scoring = this.#input.scoreWith && { scoring: this.#scoring };
    return { dataset: this.#input.dataset.name, ...addUp(entries), ...this.#sent, seconds, ...scoring };
  }

  #transform(): TransformHandler {
    const { dataset: plan, pseudonymKey, scoreWith, now } = this.#input;
    return transformEvents({
      plan,
      store: this.#store,
      loadPseudonymKey: async () => pseudonymKey ?? openPseudonymKey(this.#store.root),
      loadScorer: scoreWith && (() => this.#scorer(scoreWith)),
      now,
      report: ({ aside, ...done }) => {
        if (aside !== undefined) this.#aside.set(aside.id, aside);
        const { scored, unscored } = this.#scoring;
        this.#scoring = {
          scored: scored + (done.scored ?? 0),
          unscored: unscored + (done.unscored ?? 0),
          ...((done.fault ?? this.#scoring.fault) && { fault: done.fault ?? this.#scoring.fault }),
        };
      },
    });
  }

  async #scorer(plan: FeaturePlan): Promise<BatchScorer> {
    const { batchScorer } = await import('../lambdas/transform/score-batch.ts');
    return batchScorer({
      plan,
      store: this.#store,
      readRegistry: registryReader(this.#store.root, plan),
    });
  }

  async #send({ records, rows }: Batch, transform: TransformHandler): Promise<void> {
    this.#sent.batches++;
    this.#sent.records += records.length;
    this.#rows += rows;
    const event = { invocationId: `local-${this.#sent.batches}`, deliveryStreamArn: STREAM, region: 'local', records };
    try {
      const failed: FirehoseRecord[] = [];
      for (const { record, result } of await invokeTransform(transform, event)) {
        if (result.result === 'Ok') await this.#delivery.add(Buffer.from(result.data, 'base64'), arrivalOf(record));
        else failed.push(record);
      }
      await this.#keep(failed, 1, 'Lambda.ProcessingFailed', 'the transform marked the record as failed');
    } catch (error) {
      if (error instanceof BatchFailed) await this.#keep(records, 4, 'Lambda.FunctionError', error.message);
      throw error;
    }
  }

  /** Keeps records as Firehose does under its error prefix: one JSON line each, with the sender's bytes. */
  async #keep(records: readonly FirehoseRecord[], attemptsMade: number, errorCode: string, errorMessage: string) {
    const first = records[0];
    if (first === undefined) return;
    this.#sent.failedRecords += records.length;
    const attemptEndingTimestamp = this.#input.now().getTime();
    const lines = records.map(({ data, approximateArrivalTimestamp }) =>
      JSON.stringify({
        attemptsMade,
        arrivalTimestamp: approximateArrivalTimestamp,
        errorCode,
        errorMessage,
        attemptEndingTimestamp,
        rawData: data,
        lambdaArn: LAMBDA,
      }),
    );
    const day = new Date(attemptEndingTimestamp).toISOString().slice(0, 10);
    const { name, partitionBy } = this.#input.dataset;
    const key = `processing-failed/${name}/${partitionBy}=${day}/${first.recordId}.json`;
    await this.#store.put('rejected', key, `${lines.join('\n')}\n`);
  }
}

const STREAM = 'arn:aws:firehose:local:000000000000:deliverystream/laketwin';
const LAMBDA = 'arn:aws:lambda:local:000000000000:function:transform:$LATEST';

function arrivalOf(record: FirehoseRecord): Date {
  return new Date(record.approximateArrivalTimestamp ?? 0);
}

function addUp(entries: readonly LedgerEntry[]) {
  const sum = { rowsIn: 0, accepted: 0, rejected: 0, duplicates: 0 };
  const rejectedByReason: Record<string, number> = {};
  for (const entry of entries) {
    for (const name of ['rowsIn', 'accepted', 'rejected', 'duplicates'] as const) sum[name] += entry[name];
    for (const [reason, rows] of Object.entries(entry.rejectedByReason)) {
      rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + rows;
    }
  }
  return { ...sum, rejectedByReason };
}
