import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type DatasetPlan, sourceColumns } from '../core/contract/plan.ts';
import { toParquet } from '../core/contract/to-parquet.ts';
import { mapHeader } from '../core/etl/header-map.ts';
import { compilePseudonymiser } from '../core/etl/pseudonym.ts';
import { compileRowReader, type Position, type Row, type RowReader } from '../core/etl/read-row.ts';
import { dataKey } from '../core/lake/keys.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { putEntry } from '../core/lake/put-entry.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { pathText } from '../core/lake/settle-sql.ts';
import { summariseKeys } from '../core/lake/summarise-keys.ts';
import { frameSource } from '../lambdas/convert/frame-source.ts';
import { type RecordFormat, readRecord } from '../lambdas/convert/read-line.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { lockLake } from './lock.ts';
import { openPseudonymKey } from './pseudonym-key.ts';
import { withEngine } from './with-engine.ts';

export interface ReplayInput {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly now: () => Date;
}

export interface ReplaySummary {
  readonly dataset: string;
  /** Rejected rows that were tried again. */
  readonly tried: number;
  readonly accepted: number;
  readonly stillRejected: number;
  /** Rejected rows of which the lake holds only the beginning: they cannot be tried. */
  readonly cut: number;
  readonly curated: readonly CuratedTable[];
}

/** A rejected row as it came. */
interface RejectedRow {
  readonly line: number | undefined;
  readonly text: string;
}

/** How the rows of one object are read again. */
type ReadAgain = (row: RejectedRow) => Row | undefined;

/**
 * Tries the rejected rows of a dataset again, by the contract and the cleaning rules of today. A row that passes gets
 * the id, the line and the time of arrival that it would have had; it stays among the rejected rows as history. A row
 * that passed before is not taken in twice.
 *
 * Throws `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to.
 */
export async function replayRejected(input: ReplayInput): Promise<ReplaySummary> {
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    const entries = await listEntries(store, input.dataset.name);
    const totals = { tried: 0, accepted: 0, stillRejected: 0, cut: 0 };
    await withEngine(store, async (connection) => {
      const reader = await rowReader(input.dataset, store);
      for (const entry of entries.filter(({ rejected }) => rejected > 0)) {
        const earlier = entries.filter(({ replayOf }) => replayOf === entry.id);
        const done = await replayEntry({ ...input, store, connection, reader }, entry, earlier);
        totals.tried += done.tried;
        totals.accepted += done.accepted;
        totals.cut += done.cut;
      }
    });
    totals.stillRejected = totals.tried - totals.accepted;
    const curated = await curateChecked({ store, plan: input.dataset, now: input.now() });
    return { dataset: input.dataset.name, ...totals, curated };
  } finally {
    await release();
  }
}

interface Tools extends ReplayInput {
  readonly store: FileStore;
  readonly connection: DuckDBConnection;
  readonly reader: RowReader;
}

async function replayEntry(tools: Tools, entry: LedgerEntry, earlier: readonly LedgerEntry[]) {
  const readAgain = await readerOf(tools, entry);
  const passedBefore = new Set(earlier.flatMap(({ replayed }) => replayed ?? []));
  const rows = await rejectedRows(tools, entry);
  const whole = rows.filter((row) => row !== undefined);
  const waiting = whole.filter((row) => !passedBefore.has(fingerprint(row)));
  const passing = waiting.flatMap((rejected) => {
    const row = readAgain(rejected);
    return row === undefined ? [] : [{ rejected, row }];
  });
  if (passing.length > 0) await takeIn(tools, entry, passing);
  return { tried: waiting.length, accepted: passing.length, cut: rows.length - whole.length };
}

/** Data first, then the entry that names it; its id is made of the rows, so that the same replay has one effect. */
async function takeIn(
  { store, dataset: plan }: Tools,
  entry: LedgerEntry,
  passing: readonly { readonly rejected: RejectedRow; readonly row: Row }[],
): Promise<void> {
  const replayed = passing.map(({ rejected }) => fingerprint(rejected));
  const id = createHash('sha256')
    .update(JSON.stringify(['replay', entry.id, replayed]))
    .digest('hex');
  const rows = passing.map(({ row }) => row);
  const key = dataKey(plan.name, plan.partitionBy, entry.ingestDate, id, 0);
  const { sizeBytes } = await store.put('processed', key, toParquet(plan, rows));
  const { keys, keyRange } = summariseKeys(plan, rows);
  await putEntry(store, {
    ...entry,
    id,
    replayOf: entry.id,
    replayed,
    name: `replay of ${entry.name}`,
    sizeBytes: passing.reduce((sum, { rejected }) => sum + Buffer.byteLength(rejected.text), 0),
    rowsIn: rows.length,
    accepted: keys,
    rejected: 0,
    duplicates: rows.length - keys,
    rejectedByReason: {},
    cleaned: {},
    warnings: [],
    files: [{ key, rows: rows.length, sizeBytes }],
    rejectedFiles: [],
    ...(keyRange === undefined ? {} : { keyRange }),
  });
}

/** A stream's rejected rows are JSON; a file's are read as the file was, whose header is taken from raw/. */
async function readerOf({ dataset: plan, reader, store }: Tools, entry: LedgerEntry): Promise<ReadAgain> {
  const position = ({ line }: RejectedRow): Position => ({
    source: entry.source,
    ingestedAt: entry.receivedAt,
    ...(entry.source === 'batch' ? { checksum: entry.id } : {}),
    ...(line === undefined ? {} : { line }),
  });
  const format: RecordFormat =
    entry.rawKey === undefined ? { kind: 'json' } : await formatOf(store, plan, entry.rawKey);
  return (row) => readRecord(row.text, format, reader, position(row)).row;
}

async function formatOf(store: FileStore, plan: DatasetPlan, rawKey: string): Promise<RecordFormat> {
  const scratch = await store.scratch.folder('replay');
  try {
    const knownColumns = sourceColumns(plan).map(({ name }) => name);
    const source = await frameSource(store.pathOf('raw', rawKey), { scratch, knownColumns });
    await source.close();
    const { kind, delimiter, header } = source.format;
    return kind === 'json' ? { kind } : { kind, delimiter, header: mapHeader(plan, header) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The rejected rows of an entry in their order; undefined for one of which only the beginning was kept. */
async function rejectedRows({ store, connection }: Tools, entry: LedgerEntry): Promise<(RejectedRow | undefined)[]> {
  const paths = entry.rejectedFiles.map(({ key }) => pathText(store.pathOf('rejected', key)));
  const found = await connection.runAndReadAll(
    `select source_line, raw, raw_encoding, raw_bytes from read_parquet([${paths.join(', ')}], hive_partitioning = false)
     order by source_line nulls last, raw`,
  );
  return found.getRowsJson().map(([line, raw, encoding, length]) => {
    const bytes = Buffer.from(String(raw), encoding === 'base64' ? 'base64' : 'utf8');
    if (bytes.length !== Number(length)) return undefined;
    return { line: line === null ? undefined : Number(line), text: bytes.toString('utf8') };
  });
}

async function rowReader(plan: DatasetPlan, store: FileStore): Promise<RowReader> {
  const key = await openPseudonymKey(store.root);
  return compileRowReader(plan, { pseudonymise: compilePseudonymiser(key) });
}

/** The line of a file, or a digest of a record that stands alone. */
function fingerprint({ line, text }: RejectedRow): string {
  return line === undefined ? createHash('sha256').update(text).digest('hex').slice(0, 32) : String(line);
}
