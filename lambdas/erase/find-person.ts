import type { DuckDBConnection } from '@duckdb/node-api';
import { compilePerson, type SoughtPerson } from '../../core/etl/person.ts';
import { compilePseudonymiser } from '../../core/etl/pseudonym.ts';
import type { ZoneKey } from '../../core/lake/erasures.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import { type FailedRecords, failedRecords } from './failed-records.ts';
import { countCurated, countLoose, findScores, looseFiles, strayRaw } from './find-beside.ts';
import { cleanedCounter, type FoundObject, findInEntry, rowsIn, type Search } from './find-in-entry.ts';
import type { Lines } from './found-rows.ts';
import { personRecords } from './person-records.ts';
import type { SearchedRaw } from './search-raw.ts';

/** Everything of a person that a lake holds. */
export interface FoundPerson {
  readonly objects: readonly FoundObject[];
  /** Objects of raw/ that no entry names, such as those of withdrawn files. */
  readonly strayRaw: readonly SearchedRaw[];
  /** Files of tables that have the key of the dataset. */
  readonly scores: readonly { readonly key: string; readonly path: string; readonly rows: readonly number[] }[];
  readonly failed: readonly FailedRecords[];
  /** Rows of curated tables, of earlier publications too: they go with the next one. */
  readonly curatedRows: number;
  /** Rows in files that no entry names, and no reader sees. */
  readonly looseRows: number;
  /** These files, with or without such rows. */
  readonly loose: readonly ZoneKey[];
}

/**
 * Looks for a person's rows in all of a dataset: by the contract in raw/, processed/ and rejected/, by the keys found
 * there in the scores. Changes nothing. Throws where anything cannot be read, or where what lies in raw/ and the ledger
 * do not add up: then nothing may be erased.
 */
export async function findPerson(
  ports: ReprocessPorts,
  connection: DuckDBConnection,
  folder: string,
  sought: SoughtPerson,
): Promise<FoundPerson> {
  const { store, plan } = ports;
  const key = await ports.loadPseudonymKey();
  const person = compilePerson(plan, key, sought);
  const records = personRecords(plan, person);
  const countCleaned = cleanedCounter(plan, compilePseudonymiser(key));
  const search: Search = { ports, connection, folder, person, records, countCleaned };
  const entries = await listEntries(store, plan.name);
  const objects: FoundObject[] = [];
  const linesOf = new Map<string, Lines>();
  // Replays last: their rows have the lines of the objects that they came in.
  for (const entry of [...entries].sort(
    (a, b) => Number(a.replayOf !== undefined) - Number(b.replayOf !== undefined),
  )) {
    const found = await findInEntry(search, entry, linesOf.get(entry.replayOf ?? '') ?? new Set());
    // The lines of a stream's rows are of any source.
    if (entry.source === 'batch') linesOf.set(entry.id, new Set(rowsIn(found).flatMap(({ line }) => line ?? [])));
    if (found.isNamed || rowsIn(found).length > 0) objects.push(found);
  }
  const loose = await looseFiles(ports, entries);
  return {
    objects,
    strayRaw: await strayRaw(search, entries),
    scores: await findScores(search, objects),
    failed: await failedRecords(ports, person, records),
    curatedRows: await countCurated(search),
    looseRows: await countLoose(search, loose),
    loose,
  };
}
