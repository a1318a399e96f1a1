import { erasedRawKey } from '../../core/lake/erasures.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import { keysOf } from '../convert/keys-of-parts.ts';
import { type FoundObject, rowsIn } from './find-in-entry.ts';
import type { RemainingFile, Stage } from './stage.ts';

/**
 * Writes what is left of an object and returns the entry that is to take the place of its own: as if the rows had never
 * come, but for the note that some were erased.
 *
 * @param gone of the object whose rejected rows this one is a replay of: what replays call the rows that go.
 */
export async function stageObject(
  stage: Stage,
  object: FoundObject,
  gone: ReadonlySet<string> = new Set(),
): Promise<LedgerEntry> {
  const { plan } = stage.ports;
  const { entry, isNamed } = object;
  const { keyRange: _, rawKey: __, erasures = [], sources, replayed, ...facts } = entry;
  const revision = (entry.revision ?? 0) + 1;
  const rows = rowsIn(object).length;
  const name = isNamed ? `${entry.id.slice(0, 12)}-renamed` : entry.name;
  const files = await stage.remaining('processed', object.files);
  const rejected = await stage.remaining('rejected', object.rejectedFiles, isNamed ? name : undefined);
  const keys = await keysOf(stage.connection, plan, { kind: 'json' }, entry.id, files);
  const from = sources === undefined ? [] : await sourcesOf(stage, files);
  const { checksum, ...raw } = await stageRaw(stage, object, name, revision);
  const put = { entry, revision };
  return {
    ...facts,
    ...raw,
    name,
    revision,
    rowsIn: entry.rowsIn - rows,
    accepted: files.reduce((sum, file) => sum + file.rows, 0) - keys.duplicates,
    rejected: entry.rejected - object.rejectedFiles.reduce((sum, found) => sum + found.rows.length, 0),
    duplicates: keys.duplicates,
    rejectedByReason: less(entry.rejectedByReason, reasonsIn(object)),
    cleaned: less(entry.cleaned, object.cleaned),
    ...(replayed === undefined ? {} : { replayed: replayed.filter((one) => !gone.has(one)) }),
    ...(from.length === 0 ? {} : { sources: from }),
    ...(keys.range === undefined ? {} : { keyRange: keys.range }),
    files: await putRemaining(stage, { ...put, zone: 'processed', partitionBy: plan.partitionBy }, files),
    rejectedFiles: await putRemaining(
      stage,
      { ...put, zone: 'rejected', partitionBy: rejectionsPlan.partitionBy },
      rejected,
    ),
    erasedRows: (entry.erasedRows ?? 0) + rows,
    erasures: [
      ...erasures,
      { erasure: stage.erasure, at: stage.at, ...(checksum === undefined ? {} : { rawChecksum: checksum }) },
    ],
  };
}

/** The raw object under a key of its own, which the entry names from then on; the old one goes. */
async function stageRaw(
  stage: Stage,
  { entry, raw }: FoundObject,
  name: string,
  revision: number,
): Promise<{ readonly rawKey?: string; readonly checksum?: string }> {
  if (raw === undefined) return entry.rawKey === undefined ? {} : { rawKey: entry.rawKey };
  stage.removes.push({ zone: 'raw', key: raw.key });
  const left = await stage.withoutHits(raw);
  // Absent: the entry must not name what is gone.
  if (left === undefined) return {};
  const key = erasedRawKey(entry.dataset, { id: entry.id, name }, revision);
  await stage.ports.store.putFile('raw', key, left.path);
  return { rawKey: key, checksum: left.checksum };
}

interface Put {
  readonly zone: 'processed' | 'rejected';
  readonly partitionBy: string;
  readonly entry: LedgerEntry;
  readonly revision: number;
}

async function putRemaining(
  { ports }: Stage,
  { zone, partitionBy, entry, revision }: Put,
  files: readonly RemainingFile[],
): Promise<DataFile[]> {
  const named: DataFile[] = [];
  for (const [part, { file, path, rows, isNew }] of files.entries()) {
    if (!isNew) {
      named.push(file);
      continue;
    }
    // The rows of a batch that a stream kept aside at midnight lie in two days.
    const day = file.key.split('/').find((folder) => folder.startsWith(`${partitionBy}=`)) ?? '';
    const key = dataKey(entry.dataset, partitionBy, day.slice(partitionBy.length + 1), entry.id, part, revision);
    const { sizeBytes } = await ports.store.putFile(zone, key, path);
    named.push({ key, rows, sizeBytes });
  }
  return named;
}

async function sourcesOf({ connection }: Stage, files: readonly RemainingFile[]): Promise<string[]> {
  if (files.length === 0) return [];
  const found = await connection.runAndReadAll(
    `select distinct source_checksum from read_parquet([${files.map(({ path }) => pathText(path)).join(', ')}])
     where source_checksum is not null order by 1`,
  );
  return found.getRowsJson().map(([checksum]) => String(checksum));
}

function reasonsIn({ rejectedFiles }: FoundObject): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rows } of rejectedFiles) {
    for (const { reason } of rows) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** What is left of counts; a name of which nothing is left goes. */
function less(
  counts: Readonly<Record<string, number>>,
  taken: Readonly<Record<string, number>>,
): Record<string, number> {
  const left = Object.entries(counts).map(([name, count]) => [name, count - (taken[name] ?? 0)] as const);
  return Object.fromEntries(left.filter(([, count]) => count > 0));
}
