import { Buffer } from 'node:buffer';
import type { DatasetPlan } from '../contract/plan.ts';
import type { Rejection } from '../lake/rejections.ts';
import { decodeRecord } from './decode-record.ts';
import { type CleanRow, compileRowEncoder } from './encode-row.ts';
import {
  type FirehoseEvent,
  type FirehoseRecord,
  type FirehoseResponse,
  type FirehoseResult,
  recordIdsOf,
  responseBudget,
} from './envelope.ts';
import { compilePseudonymiser, type PseudonymKey } from './pseudonym.ts';
import { compileRowReader, type RowReader } from './read-row.ts';
import { refusedRow, unreadableRow } from './stream-rejection.ts';
import { compileSureLine, type SureLine } from './sure-line.ts';

/** Decompressed bytes and rows that one batch may hold; Firehose sends at most 3 MB, so only an attack comes near. */
const BATCH_LIMITS = { bytes: 64 * 1024 * 1024, rows: 200_000 };

/** What is compiled once for a dataset and used for every batch. */
export interface TransformTools {
  readonly dataset: string;
  readonly sureLine: SureLine;
  readonly reader: RowReader;
  readonly encodeRow: (row: CleanRow) => string;
}

export interface TransformContext extends TransformTools {
  /** Stands for the arrival of records that do not say when they came. */
  readonly now: Date;
}

export interface TransformedBatch {
  /** One result a record, in the order of the records; at most 6.2 MB as JSON. */
  readonly response: FirehoseResponse;
  /** Every row that is not good, for rejected/. */
  readonly rejections: readonly Rejection[];
  /** Good rows for which the answer had no room, for processed/. */
  readonly overflow: readonly CleanRow[];
  readonly counts: BatchCounts;
  /** Cleaning rule to the rows it changed. */
  readonly cleaned: Readonly<Record<string, number>>;
}

/** Rows in = answered + overflow + rejected. */
export interface BatchCounts {
  readonly rowsIn: number;
  /** Rows within the data of `Ok` results. */
  readonly answered: number;
  readonly overflow: number;
  readonly rejected: number;
}

/** Compiles what `transformBatch` needs for a dataset. */
export function transformTools(plan: DatasetPlan, pseudonymKey: PseudonymKey): TransformTools {
  const pseudonymise = compilePseudonymiser(pseudonymKey);
  return {
    dataset: plan.name,
    sureLine: compileSureLine(plan, pseudonymise),
    reader: compileRowReader(plan, { pseudonymise }),
    encodeRow: compileRowEncoder(plan),
  };
}

/**
 * Turns a batch of Firehose records into its answer and all that the answer cannot hold.
 *
 * - A record with at least one good row is `Ok`: its good rows, typed and pseudonymised, one JSON line each. Its bad
 *   rows are rejections.
 * - A record without a good row is `ProcessingFailed`, with its own data while there is room, and all its rows are
 *   rejections. Never `Dropped`: Firehose keeps nothing of that.
 * - The answer stays below Lambda's 6 MB. A record whose rows no longer fit is `ProcessingFailed` without data, and
 *   its good rows are the `overflow`, which the handler writes to processed/ itself: nothing is lost, nothing must be
 *   sent again, and the copy that Firehose puts under its error prefix is only a copy.
 *
 * The same event gives the same outcome where its records say when they arrived. Throws where a record has no id, or
 * where the ids alone do not fit into an answer; Firehose then keeps the whole batch.
 */
export function transformBatch(event: FirehoseEvent, context: TransformContext): TransformedBatch {
  const recordIds = recordIdsOf(event);
  const budget = responseBudget(recordIds);
  const outcome = new Outcome(context);
  const answers = event.records.map((record) => {
    const lines = outcome.take(record);
    if (lines === undefined) return undefined;
    const data = Buffer.from(lines.text).toString('base64');
    if (budget.takeOk(data)) return data;
    outcome.overflow(lines);
    return undefined;
  });
  // Good rows come first: only what room they leave is for the data of failed records.
  const records = recordIds.map((recordId, index): FirehoseResult => {
    const answer = answers[index];
    if (answer !== undefined) return { recordId, result: 'Ok', data: answer };
    const data: unknown = event.records[index]?.data;
    if (typeof data === 'string' && budget.takeFailed(data)) return { recordId, result: 'ProcessingFailed', data };
    return { recordId, result: 'ProcessingFailed' };
  });
  return outcome.of({ records });
}

/** The good rows of a record. */
interface GoodLines {
  /** One line of JSON each. */
  readonly text: string;
  readonly rows: number;
  /** All rows of the record as they came. */
  readonly sources: readonly string[];
  readonly ingestedAt: string;
}

/** What the records of one batch add up to. */
class Outcome {
  readonly #context: TransformContext;
  readonly #rejections: Rejection[] = [];
  readonly #overflow: CleanRow[] = [];
  readonly #cleaned: Record<string, number> = {};
  readonly #left = { ...BATCH_LIMITS };
  #goodRows = 0;

  constructor(context: TransformContext) {
    this.#context = context;
  }

  /** Sorts the rows of a record; undefined where none is good. */
  take(record: FirehoseRecord): GoodLines | undefined {
    const ingestedAt = arrivalOf(record, this.#context.now);
    const decoded = decodeRecord(record.data, this.#left);
    this.#left.bytes -= decoded.bytes;
    this.#left.rows -= decoded.rows.length;
    for (const fault of decoded.faults) this.#rejections.push(unreadableRow(this.#context.dataset, fault, ingestedAt));
    let text = '';
    let rows = 0;
    for (const source of decoded.rows) {
      const line = this.#line(source, ingestedAt);
      if (line === undefined) continue;
      text += line;
      rows++;
    }
    this.#goodRows += rows;
    return rows === 0 ? undefined : { text, rows, sources: decoded.rows, ingestedAt };
  }

  /** Keeps the rows of a record for which the answer has no room; they are read again, since that is rare. */
  overflow({ sources, ingestedAt }: GoodLines): void {
    for (const source of sources) {
      const { row } = this.#context.reader.readJson(source, { source: 'stream', ingestedAt });
      if (row !== undefined) this.#overflow.push(row);
    }
  }

  of(response: FirehoseResponse): TransformedBatch {
    const [rejections, overflow] = [this.#rejections, this.#overflow];
    const counts = {
      rowsIn: this.#goodRows + rejections.length,
      answered: this.#goodRows - overflow.length,
      overflow: overflow.length,
      rejected: rejections.length,
    };
    return { response, rejections, overflow, counts, cleaned: this.#cleaned };
  }

  #line(source: string, ingestedAt: string): string | undefined {
    const { dataset, sureLine, reader, encodeRow } = this.#context;
    const sure = sureLine(source, ingestedAt);
    if (sure !== undefined) return sure;
    const read = reader.readJson(source, { source: 'stream', ingestedAt });
    if (read.row === undefined) {
      this.#rejections.push(refusedRow(dataset, source, read.rejection, ingestedAt));
      return undefined;
    }
    for (const rule of read.cleaned) this.#cleaned[rule] = (this.#cleaned[rule] ?? 0) + 1;
    return encodeRow(read.row);
  }
}

/** When Firehose received the record: the same each time that the record comes. */
function arrivalOf(record: FirehoseRecord, now: Date): string {
  const arrival = record.approximateArrivalTimestamp;
  const isInstant = typeof arrival === 'number' && arrival >= 0 && arrival < YEAR_10000;
  return (isInstant ? new Date(arrival) : now).toISOString();
}

const YEAR_10000 = Date.UTC(10_000, 0);
