import { decodeRecord } from '../../core/etl/decode-record.ts';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { readText } from '../../core/lake/read-object.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import type { PersonRecords } from './person-records.ts';

/** Records that a stream could not process, kept with the sender's bytes: one JSON document a line. */
export interface FailedRecords {
  /** Key in rejected/. */
  readonly key: string;
  /** The lines that stay. */
  readonly kept: string;
  /** Records that go, whole: what of them could be read is among the rows of the ledger. */
  readonly records: number;
}

const LIMITS = { bytes: 256 * 1024 * 1024, rows: 10_000_000 };

/** Folder of these records, in rejected/. */
export function failedPrefix(dataset: string): string {
  return `processing-failed/${dataset}/`;
}

export async function failedRecords(
  { store, plan }: ReprocessPorts,
  person: PersonMatcher,
  records: PersonRecords,
): Promise<FailedRecords[]> {
  const found: FailedRecords[] = [];
  for await (const { key } of store.list('rejected', failedPrefix(plan.name))) {
    const lines = ((await readText(store, 'rejected', key)) ?? '').split('\n').filter((line) => line !== '');
    const kept = lines.filter((line) => !isTheirs(line, person, records));
    if (kept.length < lines.length)
      found.push({ key, kept: kept.map((line) => `${line}\n`).join(''), records: lines.length - kept.length });
  }
  return found;
}

function isTheirs(line: string, person: PersonMatcher, records: PersonRecords): boolean {
  let rawData: unknown;
  try {
    rawData = (JSON.parse(line) as { readonly rawData?: unknown }).rawData;
  } catch {
    return person.isIn(line);
  }
  const { rows, faults } = decodeRecord(rawData, LIMITS);
  return (
    rows.some((row) => records.isRefusedOf(row, { kind: 'json' })) ||
    faults.some(({ bytes }) => person.isIn(Buffer.from(bytes).toString('utf8')))
  );
}
