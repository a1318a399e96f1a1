/** What the checks of each publication said, kept so that it can be asked for: the relation `check_results`. */
import type { LakeType } from '../contract/plan.ts';
import type { ObjectStore } from '../ports.ts';
import { type JsonColumn, jsonView } from './json-relation.ts';
import { readText } from './read-object.ts';

export interface CheckRecord {
  readonly dataset: string;
  /** Different for each publication that was tried. */
  readonly run: string;
  /** ISO, UTC. */
  readonly checkedAt: string;
  readonly name: string;
  readonly level: 'error' | 'warning';
  readonly isKept: boolean;
  /** Whether the publication went on all the same, by a person's word. */
  readonly isOverruled: boolean;
}

const text: LakeType = { kind: 'string' };
const yes: LakeType = { kind: 'boolean' };

/** Columns of `check_results`, in their order. */
export const CHECK_RESULTS: Readonly<Record<string, JsonColumn<keyof CheckRecord>>> = {
  dataset: { field: 'dataset', type: text, description: 'Dataset that was to be published.' },
  run: { field: 'run', type: text, description: 'The try; a table is published once all checks are kept.' },
  checked_at: { field: 'checkedAt', type: { kind: 'timestamp' }, description: 'When, in UTC.' },
  name: { field: 'name', type: text, description: 'The check, as in sql/<dataset>/checks.' },
  level: { field: 'level', type: text, description: 'error stops a publication, warning does not.' },
  is_kept: { field: 'isKept', type: yes, description: 'Whether no row offended.' },
  is_overruled: { field: 'isOverruled', type: yes, description: 'Whether a person let it be published all the same.' },
};

/** Table over the records as they are stored. */
export const CHECK_ENTRIES = 'check_result_entries';

/** The relation as a view, for engines that read the stored records by themselves. */
export const CHECK_VIEWS: Readonly<Record<string, string>> = { check_results: jsonView(CHECK_RESULTS, CHECK_ENTRIES) };

/** Folder of the records, in curated/. */
export function checksPrefix(dataset: string): string {
  return `checks/${dataset}/`;
}

/** Puts the records of one run, one JSON document a line. Doing it again changes nothing. */
export async function putCheckRecords(store: ObjectStore, records: readonly CheckRecord[]): Promise<void> {
  const [first] = records;
  if (first === undefined) return;
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await store.put('curated', `${checksPrefix(first.dataset)}${first.run}.json`, lines);
}

/** Every record of a dataset, by run. */
export async function readCheckRecords(store: ObjectStore, dataset: string): Promise<CheckRecord[]> {
  const records: CheckRecord[] = [];
  for await (const { key } of store.list('curated', checksPrefix(dataset))) {
    const text = (await readText(store, 'curated', key)) ?? '';
    records.push(...text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as CheckRecord])));
  }
  return records;
}
