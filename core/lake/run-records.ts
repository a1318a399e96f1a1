/** What each run of the pipeline did, kept so that it can be asked for: the relation `runs`. */
import type { LakeType } from '../contract/plan.ts';
import type { ObjectStore } from '../ports.ts';
import { type JsonColumn, jsonView } from './json-relation.ts';
import type { Counts } from './ledger.ts';
import { readJson } from './read-object.ts';

export type RunMode = 'curate' | 'backfill' | 'replay' | 'erase';
export type RunOutcome = 'published' | 'nothing new' | 'left to another run' | 'failed';

/** A run that has ended. Counts are of what it took in or processed again, absent where it did neither. */
export interface RunRecord extends Partial<Counts> {
  readonly dataset: string;
  /** Different for each run. */
  readonly run: string;
  readonly mode: RunMode;
  /** ISO, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: RunOutcome;
  /** What went wrong, in a sentence. */
  readonly message?: string;
  /** Days of a backfill, both included. */
  readonly fromDay?: string;
  readonly toDay?: string;
  readonly objects?: number;
  /** Objects of which something is different now. */
  readonly changed?: number;
  /** Rows of the tables that it published. */
  readonly rowsPublished?: number;
}

const text: LakeType = { kind: 'string' };
const count: LakeType = { kind: 'int64' };
const time: LakeType = { kind: 'timestamp' };
const day: LakeType = { kind: 'date' };

/** Columns of `runs`, in their order. */
export const RUNS: Readonly<Record<string, JsonColumn<keyof RunRecord>>> = {
  dataset: { field: 'dataset', type: text, description: 'Dataset that was worked on.' },
  run: { field: 'run', type: text, description: 'The run, as check_results names it.' },
  mode: { field: 'mode', type: text, description: 'curate, backfill, replay or erase.' },
  started_at: { field: 'startedAt', type: time, description: 'When it began, in UTC.' },
  ended_at: { field: 'endedAt', type: time, description: 'When it ended, in UTC.' },
  outcome: {
    field: 'outcome',
    type: text,
    description: 'published, nothing new, left to another run, or failed: then what was published before stays.',
  },
  message: { field: 'message', type: text, description: 'What went wrong; null where nothing did.' },
  from_day: { field: 'fromDay', type: day, description: 'First day of a backfill.' },
  to_day: { field: 'toDay', type: day, description: 'Last day of a backfill, included.' },
  objects: { field: 'objects', type: count, description: 'Objects that were taken in or processed again.' },
  changed: { field: 'changed', type: count, description: 'Those of which something is different now.' },
  rows_in: { field: 'rowsIn', type: count, description: 'Their rows; of a replay, the rows that were tried again.' },
  accepted: { field: 'accepted', type: count, description: 'Of these, rows that keep the contract, one a key.' },
  rejected: { field: 'rejected', type: count, description: 'Of these, rows that were refused.' },
  duplicates: { field: 'duplicates', type: count, description: 'Of these, rows whose key came earlier.' },
  rows_published: { field: 'rowsPublished', type: count, description: 'Rows of the tables that it published.' },
};

/** Table over the records as they are stored. */
export const RUN_ENTRIES = 'run_entries';

/** The relation as a view, for engines that read the stored records by themselves. */
export const RUN_VIEWS: Readonly<Record<string, string>> = { runs: jsonView(RUNS, RUN_ENTRIES) };

/** Folder of the records, in curated/. */
export function runsPrefix(dataset: string): string {
  return `runs/${dataset}/`;
}

/** Puts a record as one line of JSON. Doing it again changes nothing but the time of its end. */
export async function putRunRecord(store: ObjectStore, record: RunRecord): Promise<void> {
  await store.put('curated', `${runsPrefix(record.dataset)}${record.run}.json`, `${JSON.stringify(record)}\n`);
}

/** Every record of a dataset, by run. */
export async function readRunRecords(store: ObjectStore, dataset: string): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const { key } of store.list('curated', runsPrefix(dataset))) {
    records.push((await readJson(store, 'curated', key)) as RunRecord);
  }
  return records;
}
