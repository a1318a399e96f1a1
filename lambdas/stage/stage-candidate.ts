import { type CuratedManifest, type CuratedUnit, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { type AddressOf, putFileList } from '../../core/lake/file-list.ts';
import { candidatePrefix } from '../../core/lake/keys.ts';
import { readJson } from '../../core/lake/read-object.ts';
import { runKey, type WorkOrder, type WorkResult } from '../../core/lake/work-order.ts';
import type { ObjectStore } from '../../core/ports.ts';

export interface StagePorts {
  readonly store: ObjectStore;
  readonly addressOf: AddressOf;
  readonly now: () => Date;
}

/** A manifest that is not yet published. */
export interface StagedTable {
  readonly table: string;
  readonly version: number;
  readonly rowsIn: number;
  readonly rows: number;
}

/**
 * Puts together what a table would be after a run: what stays of the current manifest, and what the run settled. Writes
 * it beside the order and lets the candidate database show it; readers of the published table see nothing of it.
 *
 * Throws where a unit of the order was not settled, where rows are missing, or where another run has published since.
 */
export async function stageCandidate(ports: StagePorts, run: string, table: string): Promise<StagedTable> {
  const { store, addressOf, now } = ports;
  const order = (await requireJson(store, runKey(run, table, 'order'))) as WorkOrder;
  const result = (await requireJson(store, runKey(run, table, 'result'))) as WorkResult;
  const current = await readCurrentManifest(store, table);
  if ((current?.version ?? 0) !== order.basedOn) {
    throw new Error(`${table} is at version ${current?.version ?? 0}, the run ${run} builds on ${order.basedOn}`);
  }
  const units = [...keptUnits(order, current), ...settledUnits(order, result)];
  const total = (what: 'rowsIn' | 'rows' | 'repeats') => units.reduce((sum, unit) => sum + unit[what], 0);
  const manifest: CuratedManifest = {
    table,
    dataset: order.dataset,
    version: order.basedOn + 1,
    fingerprint: order.fingerprint,
    createdAt: now().toISOString(),
    rowsIn: total('rowsIn'),
    rows: total('rows'),
    superseded: total('rowsIn') - total('rows'),
    repeats: total('repeats'),
    units,
  };
  await store.put('curated', runKey(run, table, 'manifest'), `${JSON.stringify(manifest, null, 2)}\n`);
  const addresses = units.flatMap(({ files }) => files.map(({ key }) => addressOf('curated', key)));
  await putFileList(store, candidatePrefix(table), addresses);
  return { table, version: manifest.version, rowsIn: manifest.rowsIn, rows: manifest.rows };
}

function keptUnits(order: WorkOrder, current: CuratedManifest | undefined): CuratedUnit[] {
  const known = new Map(current?.units.map((unit) => [unit.id, unit]));
  return order.kept.map((id) => known.get(id) ?? missing(order, id));
}

function settledUnits(order: WorkOrder, result: WorkResult): CuratedUnit[] {
  const settled = new Map(result.units.map((unit) => [unit.id, unit]));
  return order.units.map(({ id, ledgerIds, rows }) => {
    const unit = settled.get(id) ?? missing(order, id);
    if (unit.rowsIn !== rows) {
      throw new Error(`${order.table}: unit ${id} was settled from ${unit.rowsIn} rows, the ledger names ${rows}`);
    }
    const counted = unit.files.reduce((sum, file) => sum + file.rows, 0);
    if (counted !== unit.rows) {
      throw new Error(`${order.table}: the files of unit ${id} hold ${counted} rows, the result says ${unit.rows}`);
    }
    return { ...unit, ledgerIds };
  });
}

function missing({ table, run }: WorkOrder, id: string): never {
  throw new Error(`${table}: the run ${run} left out unit ${id}`);
}

async function requireJson(store: ObjectStore, key: string): Promise<unknown> {
  const found = await readJson(store, 'curated', key);
  if (found === undefined) throw new Error(`curated/${key} is missing: the step before it did not finish`);
  return found;
}
