import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { compilePerson, type PersonMatcher, type SoughtPerson } from '../../core/etl/person.ts';
import { compilePseudonymiser } from '../../core/etl/pseudonym.ts';
import { compileRowReader } from '../../core/etl/read-row.ts';
import { MANIFESTS, readManifest } from '../../core/lake/curated-manifest.ts';
import { erasedRawPrefix, stagedObjects, type ZoneKey } from '../../core/lake/erasures.ts';
import { DELIVERED } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import type { Zone } from '../../core/ports.ts';
import { modelTables } from '../../datasets/features.ts';
import { readRecord } from '../convert/read-line.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import { type FailedRecords, failedRecords } from './failed-records.ts';
import {
  countNamed,
  type Lines,
  type ProcessedRow,
  processedRows,
  type RefusedRow,
  refusedRows,
  rowsOfKeys,
} from './found-rows.ts';
import { type PersonRecords, personRecords } from './person-records.ts';
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

interface Search {
  readonly ports: ReprocessPorts;
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly person: PersonMatcher;
  readonly records: PersonRecords;
  readonly countCleaned: (entry: LedgerEntry, raw: SearchedRaw) => Record<string, number>;
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

/** Rows of the ledger's files. */
export function rowsIn({ files, rejectedFiles }: Pick<FoundObject, 'files' | 'rejectedFiles'>) {
  return [...files, ...rejectedFiles].flatMap(({ rows }): readonly (ProcessedRow | RefusedRow)[] => rows);
}

async function findInEntry(search: Search, entry: LedgerEntry, replayedLines: Lines): Promise<FoundObject> {
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

/** By the rules of today, as a backfill would count them. */
function cleanedCounter(plan: DatasetPlan, pseudonymise: (value: string) => string): Search['countCleaned'] {
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

async function strayRaw(search: Search, entries: readonly LedgerEntry[]): Promise<SearchedRaw[]> {
  const { store, plan } = search.ports;
  const named = new Set(entries.map(({ rawKey }) => rawKey));
  const found: SearchedRaw[] = [];
  const look = async (key: string) => {
    const raw = await searchRaw(search, key, new Set());
    if (raw !== undefined && raw.source.hits.length > 0) found.push(raw);
  };
  for await (const { key } of store.list('raw', `${plan.name}/`)) if (!named.has(key)) await look(key);
  for await (const { key } of store.list('raw', erasedRawPrefix(plan.name)))
    if (isWithdrawn(key, entries)) await look(key);
  return found;
}

/** Whether what an erasure has left is of an object that has no entry any more; else another erasure was stopped here. */
function isWithdrawn(erasedKey: string, entries: readonly LedgerEntry[]): boolean {
  return !entries.some(({ id }) => erasedKey.split('/').includes(id));
}

async function findScores(search: Search, objects: readonly FoundObject[]): Promise<FoundPerson['scores']> {
  const { ports, connection, folder } = search;
  const keys = new Set(objects.flatMap(({ files }) => files.flatMap(({ rows }) => rows.map(({ key }) => key))));
  const found: { key: string; path: string; rows: number[] }[] = [];
  for (const table of modelTables(ports.plan.name)) {
    if (!ports.plan.key.every((name) => table.columns.some((column) => column.name === name))) continue;
    for await (const { key } of ports.store.list('curated', `${table.name}/`)) {
      const path = await ports.pathOf('curated', key, folder);
      const rows = path === undefined ? [] : await rowsOfKeys(connection, path, ports.plan, keys);
      if (path !== undefined && rows.length > 0) found.push({ key, path, rows });
    }
  }
  return found;
}

async function countCurated({ ports, connection, folder, person }: Search): Promise<number> {
  const { store, plan } = ports;
  const tables = new Set<string>();
  for await (const { key } of store.list('curated', MANIFESTS)) {
    if (!key.endsWith('.json')) continue;
    const { dataset, table } = await readManifest(store, key);
    if (dataset === plan.name) tables.add(table);
  }
  let rows = 0;
  for (const table of tables) {
    for await (const { key } of store.list('curated', `${table}/`)) {
      const path = await ports.pathOf('curated', key, folder);
      if (path !== undefined) rows += await countNamed(connection, path, person);
    }
  }
  return rows;
}

async function looseFiles({ store, plan }: ReprocessPorts, entries: readonly LedgerEntry[]): Promise<ZoneKey[]> {
  const named = new Set([...visibleFiles(entries), ...visibleRejectedFiles(entries)].map(({ key }) => key));
  for (const { rawKey } of entries) if (rawKey !== undefined) named.add(rawKey);
  const places: ZoneKey[] = [
    { zone: 'processed', key: `${plan.name}/` },
    { zone: 'rejected', key: `${plan.name}/` },
    { zone: 'raw', key: erasedRawPrefix(plan.name) },
  ];
  const loose: ZoneKey[] = [];
  for (const { zone, key: prefix } of places) {
    for await (const { key } of store.list(zone, prefix)) {
      if (named.has(key) || (zone === 'raw' && isWithdrawn(key, entries))) continue;
      if (key.endsWith(DELIVERED))
        throw new Error(`${zone}/${key} was delivered and is not in the ledger yet: wait for it and erase again`);
      loose.push({ zone, key });
    }
  }
  for await (const staged of stagedObjects(store, plan.name)) loose.push(staged);
  return loose;
}

async function countLoose(search: Search, loose: readonly ZoneKey[]): Promise<number> {
  const { ports, connection, folder, person } = search;
  let rows = 0;
  for (const { zone, key } of loose) {
    if (!key.endsWith('.parquet') || !key.startsWith(`${ports.plan.name}/`)) continue;
    const path = await ports.pathOf(zone, key, folder);
    if (path === undefined) continue;
    const lines: Lines = new Set();
    const found =
      zone === 'processed'
        ? await processedRows(connection, path, { plan: ports.plan, person, lines })
        : await refusedRows(connection, path, { ...search, lines, format: undefined });
    rows += found.length;
  }
  return rows;
}
