import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { compileRowReader } from '../../core/etl/read-row.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import type { Zone } from '../../core/ports.ts';
import { readRecord } from '../convert/read-line.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import { type Lines, type ProcessedRow, processedRows, type RefusedRow, refusedRows } from './found-rows.ts';
import type { PersonRecords } from './person-records.ts';
import { type SearchedRaw, searchRaw } from './search-raw.ts';

/** A Parquet file and the rows of it that are to go. */
export interface FoundFile<Row> {
  readonly file: DataFile;
  readonly path: string;
  readonly rows: readonly Row[];
}

/** An entry of the ledger with a person's rows. */
export interface FoundObject {
  readonly entry: LedgerEntry;
  /** Absent where it came by a stream, is a replay, or has expired. */
  readonly raw?: SearchedRaw;
  readonly files: readonly FoundFile<ProcessedRow>[];
  readonly rejectedFiles: readonly FoundFile<RefusedRow>[];
  /** Rows that a cleaning rule of today changes, among those that are to go. */
  readonly cleaned: Readonly<Record<string, number>>;
  /** Whether the identifier stands in the name that the object had where it came from. */
  readonly isNamed: boolean;
}

/** What is looked for, and where. */
export interface Search {
  readonly ports: ReprocessPorts;
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly person: PersonMatcher;
  readonly records: PersonRecords;
  readonly countCleaned: (entry: LedgerEntry, raw: SearchedRaw) => Record<string, number>;
}

/** Rows of the ledger's files. */
export function rowsIn({ files, rejectedFiles }: Pick<FoundObject, 'files' | 'rejectedFiles'>) {
  return [...files, ...rejectedFiles].flatMap(({ rows }): readonly (ProcessedRow | RefusedRow)[] => rows);
}

/** What of an entry is the person's. `replayedLines` are those of the object that it is a replay of. */
export async function findInEntry(search: Search, entry: LedgerEntry, replayedLines: Lines): Promise<FoundObject> {
  const isReplay = entry.replayOf !== undefined;
  const rawKey = isReplay ? undefined : entry.rawKey;
  const first = rawKey === undefined ? undefined : await searchRaw(search, rawKey, new Set());
  const known = first === undefined ? replayedLines : new Set(first.source.hits.map(({ line }) => line));
  const files = await findFiles(search, 'processed', entry.files, (path) =>
    processedRows(search.connection, path, { plan: search.ports.plan, person: search.person, lines: known }),
  );
  const format = first?.source.recordFormat ?? (entry.source === 'stream' ? ({ kind: 'json' } as const) : undefined);
  const rejectedFiles = await findFiles(search, 'rejected', entry.rejectedFiles, (path) =>
    refusedRows(search.connection, path, { ...search, lines: known, format }),
  );
  const lines = new Set(rowsIn({ files, rejectedFiles }).flatMap(({ line }) => line ?? []));
  const isAllKnown = [...lines].every((line) => known.has(line));
  const raw = first === undefined || isAllKnown ? first : await searchRaw(search, first.key, lines);
  const rows = rowsIn({ files, rejectedFiles }).length;
  const isWhole = files.length === entry.files.length && rejectedFiles.length === entry.rejectedFiles.length;
  if (isWhole && raw !== undefined && raw.source.hits.length !== rows) {
    throw new Error(
      `${raw.source.hits.length} rows of raw/${raw.key} are the person's, but ${rows} of those that the ledger has of it: nothing was erased; process it again by a backfill of ${entry.ingestDate}, then erase again`,
    );
  }
  return {
    entry,
    ...(raw === undefined ? {} : { raw }),
    files,
    rejectedFiles,
    cleaned: raw === undefined ? {} : search.countCleaned(entry, raw),
    isNamed: search.person.isIn(entry.name),
  };
}

async function findFiles<Row>(
  { ports, folder }: Search,
  zone: Zone,
  files: readonly DataFile[],
  rowsOf: (path: string) => Promise<Row[]>,
): Promise<FoundFile<Row>[]> {
  const found: FoundFile<Row>[] = [];
  for (const file of files) {
    const path = await ports.pathOf(zone, file.key, folder);
    // Rejected rows expire before their entry does.
    if (path !== undefined) found.push({ file, path, rows: await rowsOf(path) });
  }
  return found;
}

/** Counts what cleaning rules change by the rules of today, as a backfill would. */
export function cleanedCounter(plan: DatasetPlan, pseudonymise: (value: string) => string): Search['countCleaned'] {
  const reader = compileRowReader(plan, { pseudonymise });
  return ({ id: checksum, receivedAt: ingestedAt }, { source: { hits, recordFormat } }) => {
    const counts: Record<string, number> = {};
    for (const { text, line } of hits) {
      const read = readRecord(text, recordFormat, reader, { source: 'batch', ingestedAt, checksum, line });
      if (read.rejection !== undefined) continue;
      for (const rule of read.cleaned) counts[rule] = (counts[rule] ?? 0) + 1;
    }
    return counts;
  };
}
