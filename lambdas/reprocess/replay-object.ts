import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type DatasetPlan, sourceColumns } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { mapHeader } from '../../core/etl/header-map.ts';
import { compilePseudonymiser } from '../../core/etl/pseudonym.ts';
import { compileRowReader, type Position, type Row } from '../../core/etl/read-row.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import { summariseKeys } from '../../core/lake/summarise-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { WORKBOOK } from '../convert/describe-format.ts';
import { frameSource, type SourceBytes } from '../convert/frame-source.ts';
import { type RecordFormat, readRecord } from '../convert/read-line.ts';
import { openObject } from '../shared/open-object.ts';
import type { ReprocessPorts } from './reprocess-ports.ts';

/** What became of the rejected rows of an object. */
export interface ReplayedObject {
  readonly id: string;
  readonly name: string;
  /** Rejected rows that were tried again. */
  readonly tried: number;
  readonly accepted: number;
  /** Rejected rows of which the lake holds only the beginning: they cannot be tried. */
  readonly cut: number;
  /** Rejected rows whose files have expired, or the raw file that says how to read them. */
  readonly expired: number;
  /** Rejected rows of an object that has more than a function holds: a backfill of its day judges them. */
  readonly tooMany?: number;
}

/** A rejected row as it came. */
export interface RejectedRow {
  readonly line: number | undefined;
  readonly reason: string;
  readonly text: string;
}

/** What framing found, which no rule of today changes: the text that was kept is not what stood in the file. */
const FINAL = ['row:encoding', 'row:cell'];

/** How the rows of one object are read again. */
type ReadAgain = (row: RejectedRow) => Row | undefined;

/**
 * Tries the rejected rows of an object again, by the contract and the cleaning rules of today. A row that passes gets
 * the id, the line and the time of arrival that it would have had; it stays among the rejected rows as history. Rows
 * that passed in one of the `earlier` replays are not taken in twice.
 */
export async function replayObject(
  ports: ReprocessPorts,
  entry: LedgerEntry,
  earlier: readonly LedgerEntry[],
): Promise<ReplayedObject> {
  const { id, name } = entry;
  const { mostRejected = Number.POSITIVE_INFINITY } = ports;
  if (entry.rejected > mostRejected)
    return { id, name, tried: 0, accepted: 0, cut: 0, expired: 0, tooMany: entry.rejected };
  return ports.withFolder(async (folder) => {
    const readAgain = await readerOf(ports, entry, folder);
    const rows = await rejectedRows(ports, entry, folder);
    if (readAgain === undefined || rows === undefined)
      return { id, name, tried: 0, accepted: 0, cut: 0, expired: entry.rejected };
    const passedBefore = new Set(earlier.flatMap(({ replayed }) => replayed ?? []));
    const whole = rows.filter((row) => row !== undefined);
    const waiting = whole.filter((row) => !passedBefore.has(fingerprint(row)));
    const passing = waiting.flatMap((rejected) => {
      const row = FINAL.includes(rejected.reason) ? undefined : readAgain(rejected);
      return row === undefined ? [] : [{ rejected, row }];
    });
    if (passing.length > 0) await takeIn(ports, entry, passing);
    const cut = rows.length - whole.length;
    return { id, name, tried: waiting.length, accepted: passing.length, cut, expired: 0 };
  });
}

/** Data first, then the entry that names it; its id is made of the rows, so that the same replay has one effect. */
async function takeIn(
  { store, plan }: { readonly store: ObjectStore; readonly plan: DatasetPlan },
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
async function readerOf(ports: ReprocessPorts, entry: LedgerEntry, folder: string): Promise<ReadAgain | undefined> {
  const format = entry.rawKey === undefined ? JSON_LINES : await formatOf(ports, entry, entry.rawKey, folder);
  if (format === undefined) return undefined;
  const pseudonymise = compilePseudonymiser(await ports.loadPseudonymKey());
  const reader = compileRowReader(ports.plan, { pseudonymise });
  const position = ({ line }: RejectedRow): Position => ({
    source: entry.source,
    ingestedAt: entry.receivedAt,
    ...(entry.source === 'batch' ? { checksum: entry.id } : {}),
    ...(line === undefined ? {} : { line }),
  });
  return (row) => readRecord(row.text, format, reader, position(row)).row;
}

const JSON_LINES: RecordFormat = { kind: 'json' };

/** Of an object its beginning alone is read, whatever its size; a workbook lists its parts at its end. */
async function formatOf(
  { plan, store, pathOf }: ReprocessPorts,
  { format }: LedgerEntry,
  rawKey: string,
  folder: string,
): Promise<RecordFormat | undefined> {
  const given = format === WORKBOOK ? await pathOf('raw', rawKey, folder) : await bytesOf(store, rawKey);
  if (given === undefined) return undefined;
  const knownColumns = sourceColumns(plan).map(({ name }) => name);
  const source = await frameSource(given, { scratch: folder, knownColumns });
  await source.close();
  const { kind, delimiter, header } = source.format;
  return kind === 'json' ? JSON_LINES : { kind, delimiter, header: mapHeader(plan, header) };
}

async function bytesOf(store: ObjectStore, rawKey: string): Promise<SourceBytes | undefined> {
  const raw = await openObject(store, 'raw', rawKey);
  return raw && { sizeBytes: raw.info.sizeBytes, body: raw.body };
}

/**
 * The rejected rows of an entry in their order, undefined for one of which only the beginning was kept; or undefined
 * where their files are not there any more.
 */
async function rejectedRows(
  { pathOf, withEngine }: ReprocessPorts,
  { rejectedFiles }: LedgerEntry,
  folder: string,
): Promise<(RejectedRow | undefined)[] | undefined> {
  const paths: string[] = [];
  for (const { key } of rejectedFiles) {
    const path = await pathOf('rejected', key, folder);
    if (path === undefined) return undefined;
    paths.push(pathText(path));
  }
  const found = await withEngine(folder, (connection) =>
    connection.runAndReadAll(
      `select source_line, reason, raw, raw_encoding, raw_bytes from read_parquet([${paths.join(', ')}], hive_partitioning = false)
       order by source_line nulls last, raw`,
    ),
  );
  return found.getRowsJson().map(([line, reason, raw, encoding, length]) => {
    const bytes = Buffer.from(String(raw), encoding === 'base64' ? 'base64' : 'utf8');
    if (bytes.length !== Number(length)) return undefined;
    return { line: line === null ? undefined : Number(line), reason: String(reason), text: bytes.toString('utf8') };
  });
}

/** The line of a file, or a digest of a record that stands alone. */
export function fingerprint({ line, text }: Pick<RejectedRow, 'line' | 'text'>): string {
  return line === undefined ? createHash('sha256').update(text).digest('hex').slice(0, 32) : String(line);
}
