import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { FirehoseEvent, FirehoseResponse } from '../../core/etl/envelope.ts';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import {
  type BatchCounts,
  type TransformedBatch,
  type TransformTools,
  transformBatch,
  transformTools,
} from '../../core/etl/transform-batch.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { keepAside } from './keep-aside.ts';

export interface TransformPorts {
  readonly plan: DatasetPlan;
  readonly store: ObjectStore;
  readonly loadPseudonymKey: () => Promise<PseudonymKey>;
  readonly now: () => Date;
  /** Loads what scores the rows of a batch; without it, none is scored and nothing of it is loaded. */
  readonly loadScorer?: (() => Promise<BatchScorer>) | undefined;
  /** Told of every batch that was answered. */
  readonly report: (done: TransformReport) => void;
}

export interface TransformReport extends BatchCounts, Partial<ScoredBatch> {
  /** Ledger entry of what the answer did not hold. */
  readonly aside: LedgerEntry | undefined;
}

/** Rows that passed = scored + unscored. */
export interface ScoredBatch {
  readonly scored: number;
  readonly unscored: number;
  /** Name of the error and a sentence, where rows passed unscored. */
  readonly fault?: string;
}

/** Never throws: a row is worth more than its score. */
export type BatchScorer = (event: FirehoseEvent, batch: TransformedBatch) => Promise<ScoredBatch>;

export type TransformHandler = (event: FirehoseEvent) => Promise<FirehoseResponse>;

/**
 * The transform of a dataset's stream: takes a batch of records, keeps aside what the answer cannot hold, answers.
 *
 * Throws where that could not be written; Firehose then sends the batch again, and keeps it after the third time.
 */
export function transformEvents(ports: TransformPorts): TransformHandler {
  const { plan, store, loadPseudonymKey, loadScorer, now, report } = ports;
  let tools: TransformTools | undefined;
  let scorer: BatchScorer | undefined;
  return async (event) => {
    tools ??= transformTools(plan, await loadPseudonymKey());
    const batch = transformBatch(event, { ...tools, now: now() });
    const aside = await keepAside(store, plan, event, batch);
    scorer ??= await loadScorer?.();
    report({ ...batch.counts, ...(await scorer?.(event, batch)), aside });
    return batch.response;
  };
}
