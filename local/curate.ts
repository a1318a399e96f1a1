import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../core/contract/plan.ts';
import {
  type CuratedManifest,
  type CuratedUnit,
  curatedFiles,
  putManifest,
  readCurrentManifest,
} from '../core/lake/curated-manifest.ts';
import type { CuratedSql } from '../core/lake/curated-sql.ts';
import { pendingErasures, settleErasures } from '../core/lake/erasures.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { planUnits, type Unit } from '../core/lake/plan-units.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { sweepCurated } from '../core/lake/sweep-curated.ts';
import type { OnProgress } from '../core/ports.ts';
import { readCuratedSql, SQL_ROOT } from './curated-sql.ts';
import type { FileStore } from './file-store.ts';
import { installMacros } from './macros.ts';
import { settleUnit } from './settle-unit.ts';
import { withEngine } from './with-engine.ts';

export interface CurateInput {
  readonly store: FileStore;
  readonly plan: DatasetPlan;
  readonly now: Date;
  /** Folder of `<dataset>/curated/<table>.sql`. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
  /** Looks at what is to be published, all of whose files are there; nothing is published where it throws. */
  readonly accept?: (candidates: readonly CuratedManifest[]) => Promise<void>;
  /** Bytes and rows of processed files, once for each table. */
  readonly onProgress?: OnProgress;
}

/** A curated table as it stands after a run. */
export interface CuratedTable {
  readonly table: string;
  /** 0 where nothing was ever published. */
  readonly version: number;
  readonly rowsIn: number;
  readonly rows: number;
  readonly superseded: number;
  readonly repeats: number;
  readonly files: number;
  /** Rows of the units that this run settled anew. */
  readonly rowsSettled: number;
}

/**
 * Brings the curated tables of a dataset up to its ledger: settles what is new or touched by something new, leaves the
 * rest, and publishes a manifest after all its files. Changes nothing where there is nothing new.
 *
 * Call it under `lockLake`. Throws `LakeUnavailable` where the folder cannot be written to.
 */
export async function curate(input: CurateInput): Promise<CuratedTable[]> {
  const { store, plan } = input;
  const entries = (await listEntries(store, plan.name)).filter((entry) => entry.files.length > 0);
  const states: TableState[] = [];
  for (const curated of await readCuratedSql(plan, input.sqlRoot ?? SQL_ROOT)) {
    const current = await readCurrentManifest(store, curated.table);
    const planned = planUnits(plan, curated.fingerprint, entries);
    const isCurrent = current === undefined ? entries.length === 0 : covers(current, curated, planned);
    const next = isCurrent
      ? undefined
      : await withEngine(store, (connection) => settle(input, connection, curated, planned, current));
    states.push({ table: curated.table, current, next });
  }
  const candidates = states.flatMap(({ next }) => next ?? []);
  if (candidates.length > 0) await input.accept?.(candidates);
  for (const manifest of candidates) await putManifest(store, manifest);
  // What was erased must not stay for those who still follow the manifest before.
  const isErasing = (await pendingErasures(store, plan.name)).length > 0;
  for (const { table } of states) await sweepCurated(store, table, isErasing ? { kept: 1 } : {});
  if (isErasing) await settleErasures(store, plan);
  return states.map(({ table, current, next }) => toTable(table, next ?? current, current));
}

interface TableState {
  readonly table: string;
  readonly current: CuratedManifest | undefined;
  /** What is to be published; undefined where nothing is new. */
  readonly next: CuratedManifest | undefined;
}

function covers(manifest: CuratedManifest, curated: CuratedSql, planned: readonly Unit[]): boolean {
  const ids = new Set(manifest.units.map((unit) => unit.id));
  return (
    manifest.fingerprint === curated.fingerprint &&
    ids.size === planned.length &&
    planned.every(({ id }) => ids.has(id))
  );
}

async function settle(
  input: CurateInput,
  connection: DuckDBConnection,
  curated: CuratedSql,
  planned: readonly Unit[],
  current: CuratedManifest | undefined,
): Promise<CuratedManifest> {
  const { store, plan, now } = input;
  await installMacros(connection);
  const known = new Map(current?.units.map((unit) => [unit.id, unit]));
  const onBytes = progressOver(
    planned.filter((unit) => !known.has(unit.id)).flatMap((unit) => unit.entries),
    input.onProgress,
  );
  const units: CuratedUnit[] = [];
  for (const unit of planned) {
    units.push(known.get(unit.id) ?? (await settleUnit({ store, connection, plan, curated, onBytes }, unit)));
  }
  const [rowsIn, rows, repeats] = [sum(units, 'rowsIn'), sum(units, 'rows'), sum(units, 'repeats')];
  return {
    table: curated.table,
    dataset: plan.name,
    version: (current?.version ?? 0) + 1,
    fingerprint: curated.fingerprint,
    createdAt: now.toISOString(),
    rowsIn,
    rows,
    superseded: rowsIn - rows,
    repeats,
    units,
  };
}

function sum(units: readonly CuratedUnit[], what: 'rowsIn' | 'rows' | 'repeats'): number {
  return units.reduce((total, unit) => total + unit[what], 0);
}

function progressOver(entries: readonly LedgerEntry[], onProgress: OnProgress | undefined): (bytes: number) => void {
  const files = entries.flatMap((entry) => entry.files);
  const totalBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
  const totalRows = files.reduce((total, file) => total + file.rows, 0);
  let bytes = 0;
  return (more) => {
    bytes += more;
    onProgress?.({ bytes, totalBytes, rows: Math.round((totalRows * bytes) / totalBytes) });
  };
}

function toTable(table: string, now: CuratedManifest | undefined, before: CuratedManifest | undefined): CuratedTable {
  const known = new Set(before?.units.map((unit) => unit.id));
  const settled = now?.units.filter((unit) => !known.has(unit.id)) ?? [];
  return {
    table,
    version: now?.version ?? 0,
    rowsIn: now?.rowsIn ?? 0,
    rows: now?.rows ?? 0,
    superseded: now?.superseded ?? 0,
    repeats: now?.repeats ?? 0,
    files: now === undefined ? 0 : curatedFiles(now).length,
    rowsSettled: sum(settled, 'rowsIn'),
  };
}
