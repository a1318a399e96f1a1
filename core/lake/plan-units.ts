import { createHash } from 'node:crypto';
import type { DatasetPlan } from '../contract/plan.ts';
import { groupBySharedKeys } from './group-entries.ts';
import type { LedgerEntry } from './ledger.ts';

/** Rows up to which groups are put together into one unit, so that many small objects do not make many small files. */
const SMALL_ROWS = 250_000;

/** Ledger entries whose rows are settled and written together. No row of one unit can replace a row of another. */
export interface Unit {
  /** The same entries, in the same revision, under the same fingerprint have the same id. */
  readonly id: string;
  readonly entries: readonly LedgerEntry[];
  readonly rows: number;
  /** No key occurs twice: nothing to settle. */
  readonly keysAreUnique: boolean;
  /** All rows come from one object, so a line number tells them apart. */
  readonly isOneObject: boolean;
}

/**
 * Divides a dataset's ledger into units. A function of the ledger alone, so a lake that grew run by run has the same
 * units as one that was made anew, and an entry that touches no other leaves most units as they were.
 */
export function planUnits(plan: DatasetPlan, fingerprint: string, entries: readonly LedgerEntry[]): Unit[] {
  const groups = groupBySharedKeys(
    plan,
    entries.filter((entry) => rowsOf([entry]) > 0),
  );
  return pack(groups).map((packed) => toUnit(fingerprint, packed));
}

type Group = readonly LedgerEntry[];

/** Small groups of one day go together in the order in which they came; a large one stays alone. */
function pack(groups: readonly Group[]): Group[][] {
  const packed: Group[][] = [];
  let open: { groups: Group[]; rows: number; day: string } | undefined;
  for (const group of [...groups].sort(byArrival)) {
    const rows = rowsOf(group);
    const day = newest(group).ingestDate;
    if (rows > SMALL_ROWS) packed.push([group]);
    else if (open !== undefined && open.day === day && open.rows + rows <= SMALL_ROWS) {
      open.groups.push(group);
      open.rows += rows;
    } else {
      open = { groups: [group], rows, day };
      packed.push(open.groups);
    }
  }
  return packed;
}

function toUnit(fingerprint: string, groups: readonly Group[]): Unit {
  const entries = groups.flat();
  const ids = entries.map(({ id, revision }) => (revision === undefined ? id : `${id} revision ${revision}`)).sort();
  return {
    id: createHash('sha256')
      .update(JSON.stringify([fingerprint, ids]))
      .digest('hex')
      .slice(0, 32),
    entries,
    rows: rowsOf(entries),
    keysAreUnique: groups.every((group) => group.length === 1 && group[0]?.duplicates === 0),
    isOneObject: entries.length === 1 && entries[0]?.source === 'batch',
  };
}

function rowsOf(entries: readonly LedgerEntry[]): number {
  return entries.reduce((sum, { files }) => sum + files.reduce((rows, file) => rows + file.rows, 0), 0);
}

function newest(group: Group): LedgerEntry {
  return group.reduce((last, entry) => (arrival(entry) > arrival(last) ? entry : last));
}

function byArrival(a: Group, b: Group): number {
  return arrival(newest(a)) < arrival(newest(b)) ? -1 : 1;
}

function arrival(entry: LedgerEntry): string {
  return `${entry.receivedAt} ${entry.id}`;
}
