import type { DuckDBConnection } from '@duckdb/node-api';
import { type ErasedObject, type ErasureOrder, listErasures, putErasureOrder } from '../../core/lake/erasures.ts';
import { ledgerPrefix } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { readJson } from '../../core/lake/read-object.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import { type FoundObject, rowsIn } from './find-in-entry.ts';
import type { FoundPerson } from './find-person.ts';
import type { SearchedRaw } from './search-raw.ts';
import { Stage } from './stage.ts';
import { stageObject } from './stage-object.ts';

/**
 * Writes everything that a person's rows stand in anew, without them, under keys that no reader knows; then puts the
 * order that makes the erasure certain, see `applyErasures`. Throws before that where what was written is not what was
 * there without those rows: then nothing has changed.
 */
export async function stageErasure(
  ports: ReprocessPorts,
  connection: DuckDBConnection,
  folder: string,
  found: FoundPerson,
  now: Date,
): Promise<ErasureOrder> {
  const { store, plan } = ports;
  const erasure = (await listErasures(store, plan.name)).length + 1;
  const at = now.toISOString();
  const stage = new Stage({ ports, connection, folder, erasure, at });
  const gone = new Map(found.objects.map((object) => [object.entry.id, fingerprintsIn(object)]));
  const entries: LedgerEntry[] = [];
  const objects: ErasedObject[] = [];
  for (const object of found.objects) {
    const { replayOf } = object.entry;
    const staged = await stageObject(stage, object, gone.get(replayOf ?? ''));
    const rawKey = entries.find(({ id }) => id === replayOf)?.rawKey;
    const entry = rawKey === undefined ? staged : { ...staged, rawKey };
    entries.push(entry);
    objects.push(erasedOf(object, entry));
  }
  for (const raw of found.strayRaw) objects.push(await stageStray(stage, raw));
  for (const { key, path, rows } of found.scores) await stage.moveRows({ zone: 'curated', key }, path, rows);
  for (const { key, kept } of found.failed) await stage.moveText({ zone: 'rejected', key }, kept);
  const named = new Set(entries.flatMap(namedBy));
  for (const { key } of stage.moves) named.add(key);
  const order: ErasureOrder = {
    dataset: plan.name,
    erasure,
    at,
    objects,
    rows: countsOf(found),
    pending: {
      entries,
      moves: stage.moves,
      removes: [...stage.removes, ...found.loose.filter(({ key }) => !named.has(key))],
    },
  };
  await putErasureOrder(store, order);
  return order;
}

/** Rows that go, by where they lie. */
export function countsOf({
  objects,
  strayRaw,
  scores,
  failed,
  curatedRows,
  looseRows,
}: FoundPerson): Record<string, number> {
  const raws = [...objects.flatMap(({ raw }) => raw ?? []), ...strayRaw];
  return {
    raw: sum(raws.map(({ source }) => source.hits.length)),
    processed: sum(objects.flatMap(({ files }) => files.map(({ rows }) => rows.length))),
    rejected: sum(objects.flatMap(({ rejectedFiles }) => rejectedFiles.map(({ rows }) => rows.length))),
    curated: curatedRows,
    scores: sum(scores.map(({ rows }) => rows.length)),
    failed_records: sum(failed.map(({ records }) => records)),
    unnamed_files: looseRows,
  };
}

export function isNothing(found: FoundPerson): boolean {
  return found.objects.length === 0 && Object.values(countsOf(found)).every((rows) => rows === 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function erasedOf(object: FoundObject, { id, erasures = [] }: LedgerEntry): ErasedObject {
  const after = erasures.at(-1)?.rawChecksum;
  const before = object.entry.erasures?.at(-1)?.rawChecksum ?? id;
  return {
    id,
    rows: rowsIn(object).length,
    ...(object.raw === undefined ? {} : { rawChecksumBefore: before }),
    ...(after === undefined ? {} : { rawChecksumAfter: after }),
  };
}

/** An object of raw/ that no entry names keeps its key, under which the same file, coming again, finds it. */
async function stageStray(stage: Stage, raw: SearchedRaw): Promise<ErasedObject> {
  const left = await stage.withoutHits(raw);
  if (left === undefined) stage.removes.push({ zone: 'raw', key: raw.key });
  else await stage.moveFile({ zone: 'raw', key: raw.key }, left.path);
  await stageWithdrawn(stage, raw.key);
  return {
    rows: raw.source.hits.length,
    ...(left === undefined ? {} : { rawChecksumAfter: left.checksum }),
  };
}

/** What is remembered of a withdrawn file may tell of rows: the ends of its keys, and what replays call rows. */
async function stageWithdrawn(stage: Stage, rawKey: string): Promise<void> {
  const { store, plan } = stage.ports;
  for await (const { key } of store.list('processed', `_withdrawn/${ledgerPrefix(plan.name)}`)) {
    const withdrawn = (await readJson(store, 'processed', key)) as LedgerEntry | undefined;
    if (withdrawn === undefined || withdrawn.rawKey !== rawKey) continue;
    const { keyRange: _, replayed: __, ...rest } = withdrawn;
    await stage.moveText({ zone: 'processed', key }, `${JSON.stringify(rest)}\n`);
  }
}

function namedBy({ files, rejectedFiles, rawKey }: LedgerEntry): string[] {
  return [...[...files, ...rejectedFiles].map(({ key }) => key), ...(rawKey === undefined ? [] : [rawKey])];
}

/** What replays call the rows that go. */
function fingerprintsIn({ files, rejectedFiles }: FoundObject): ReadonlySet<string> {
  const lines = files.flatMap(({ rows }) => rows.flatMap(({ line }) => (line === null ? [] : String(line))));
  return new Set([...lines, ...rejectedFiles.flatMap(({ rows }) => rows.map(({ fingerprint }) => fingerprint))]);
}
