import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type CuratedManifest, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { type AddressOf, publishList, putFileList } from '../../core/lake/file-list.ts';
import { candidatePrefix } from '../../core/lake/keys.ts';
import type { DataFile, LedgerEntry } from '../../core/lake/ledger.ts';
import { LEDGER_ENTRIES, type ListedEntry } from '../../core/lake/ledger-columns.ts';
import { planUnits, type Unit } from '../../core/lake/plan-units.ts';
import { listEntries, visibleFiles, visibleRejectedFiles } from '../../core/lake/read-ledger.ts';
import { runKey, type WorkOrder } from '../../core/lake/work-order.ts';
import type { ObjectStore, Zone } from '../../core/ports.ts';

export interface PlanPorts {
  readonly store: ObjectStore;
  readonly plan: DatasetPlan;
  /** Curated tables of the dataset, and the fingerprints under which they are made now. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly addressOf: AddressOf;
}

export interface PlannedRun {
  readonly dataset: string;
  readonly run: string;
  /** Tables that something new belongs to, and the address of what is to be done for each. */
  readonly tables: readonly { readonly table: string; readonly order: string }[];
}

/**
 * Compares the ledger with what is published, and writes an order for each curated table that lacks something. What is
 * to be checked before publication is fixed here as well: the processed and rejected rows and the ledger as they are
 * now, whatever comes in meanwhile.
 */
export async function planCuration(ports: PlanPorts, run: string): Promise<PlannedRun> {
  const { store, plan, fingerprints } = ports;
  const entries = await listEntries(store, plan.name);
  const published = new Set<string>();
  const tables: { table: string; order: string }[] = [];
  for (const [table, fingerprint] of Object.entries(fingerprints)) {
    const current = await readCurrentManifest(store, table);
    for (const unit of current?.units ?? []) for (const id of unit.ledgerIds) published.add(id);
    const units = planUnits(plan, fingerprint, entries);
    if (isCovered(current, units)) {
      // Whoever published it may have been stopped before the list; the manifest is what counts.
      if (current !== undefined) await publishList(store, current, ports.addressOf);
      continue;
    }
    const order = toOrder(ports, { run, table, fingerprint, current, units });
    const key = runKey(run, table, 'order');
    await store.put('curated', key, `${JSON.stringify(order, null, 2)}\n`);
    tables.push({ table, order: ports.addressOf('curated', key) });
  }
  if (tables.length > 0) await fixCandidate(ports, entries, published);
  return { dataset: plan.name, run, tables };
}

function isCovered(current: CuratedManifest | undefined, units: readonly Unit[]): boolean {
  const published = new Set(current?.units.map(({ id }) => id));
  return units.length === published.size && units.every(({ id }) => published.has(id));
}

function toOrder(
  { plan }: PlanPorts,
  given: {
    readonly run: string;
    readonly table: string;
    readonly fingerprint: string;
    readonly current: CuratedManifest | undefined;
    readonly units: readonly Unit[];
  },
): WorkOrder {
  const { run, table, fingerprint, current, units } = given;
  const known = new Set(current?.units.map(({ id }) => id));
  return {
    dataset: plan.name,
    table,
    run,
    fingerprint,
    partitionBy: plan.partitionBy,
    basedOn: current?.version ?? 0,
    kept: units.filter(({ id }) => known.has(id)).map(({ id }) => id),
    units: units
      .filter(({ id }) => !known.has(id))
      .map(({ id, entries, rows, keysAreUnique, isOneObject }) => ({
        id,
        ledgerIds: entries.map((entry) => entry.id).sort(),
        rows,
        keysAreUnique,
        isOneObject,
        files: entries.flatMap((entry) => entry.files.map(({ key }) => key)),
      })),
  };
}

async function fixCandidate(
  { store, plan, addressOf }: PlanPorts,
  entries: readonly LedgerEntry[],
  published: ReadonlySet<string>,
): Promise<void> {
  const list = (zone: Zone, files: readonly DataFile[]) =>
    putFileList(
      store,
      candidatePrefix(`${zone}_${plan.name}`),
      files.map(({ key }) => addressOf(zone, key)),
    );
  await list('processed', visibleFiles(entries));
  await list('rejected', visibleRejectedFiles(entries));
  const lines = entries.map((entry) => {
    const listed: ListedEntry = { ...entry, isPublished: published.has(entry.id) };
    return `${JSON.stringify(listed)}\n`;
  });
  await store.put('curated', `${candidatePrefix(LEDGER_ENTRIES)}${plan.name}.json`, lines.join(''));
}
