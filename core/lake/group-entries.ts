import { Buffer } from 'node:buffer';
import type { DatasetPlan, LakeKind } from '../contract/plan.ts';
import type { LedgerEntry } from './ledger.ts';

/**
 * Puts entries together that may share a key (their key ranges touch) or a source object (rows of one file that came
 * both by file and by stream). Entries of two groups share neither.
 */
export function groupBySharedKeys(plan: DatasetPlan, entries: readonly LedgerEntry[]): LedgerEntry[][] {
  const groups = new Groups(entries);
  const compare = comparison(plan.columns.find((column) => column.name === plan.key[0])?.type.kind ?? 'string');
  joinTouching(groups, entries, compare);
  joinBySource(groups, entries);
  return groups.all();
}

/** Going up by the smallest key, an entry touches the ones before it if it begins where one of them has not ended. */
function joinTouching(groups: Groups, entries: readonly LedgerEntry[], compare: Comparison): void {
  const ranges = entries
    .map((entry) => ({ entry, range: rangeOf(entry) }))
    .sort((a, b) => compare(a.range[0], b.range[0]));
  let last = ranges[0];
  for (const next of ranges.slice(1)) {
    if (last !== undefined && compare(next.range[0], last.range[1]) <= 0) groups.join(last.entry, next.entry);
    if (last === undefined || compare(next.range[1], last.range[1]) > 0) last = next;
  }
}

function joinBySource(groups: Groups, entries: readonly LedgerEntry[]): void {
  const first = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    for (const source of sourcesOf(entry)) {
      const other = first.get(source);
      if (other === undefined) first.set(source, entry);
      else groups.join(other, entry);
    }
  }
}

/** Of a batch the object itself, or the one whose rows were replayed; of a stream what its rows say. */
function sourcesOf(entry: LedgerEntry): readonly string[] {
  return entry.source === 'batch' ? [entry.replayOf ?? entry.id] : (entry.sources ?? []);
}

function rangeOf(entry: LedgerEntry): readonly [string, string] {
  if (entry.keyRange !== undefined) return entry.keyRange;
  throw new Error(`the ledger entry ${entry.id} of ${entry.dataset} has rows but no range of keys`);
}

/** Sets of entries that can be joined. */
class Groups {
  readonly #entries: readonly LedgerEntry[];
  readonly #parents = new Map<LedgerEntry, LedgerEntry>();

  constructor(entries: readonly LedgerEntry[]) {
    this.#entries = entries;
  }

  join(a: LedgerEntry, b: LedgerEntry): void {
    const [one, other] = [this.#rootOf(a), this.#rootOf(b)];
    if (one !== other) this.#parents.set(one, other);
  }

  all(): LedgerEntry[][] {
    const sets = new Map<LedgerEntry, LedgerEntry[]>();
    for (const entry of this.#entries) {
      const root = this.#rootOf(entry);
      const set = sets.get(root);
      if (set === undefined) sets.set(root, [entry]);
      else set.push(entry);
    }
    return [...sets.values()];
  }

  #rootOf(entry: LedgerEntry): LedgerEntry {
    let root = entry;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) root = up;
    for (let at = entry; at !== root; ) {
      const next = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }
}

type Comparison = (a: string, b: string) => number;

/** Keys are compared as the engines order the column: numbers by value, texts by their UTF-8 bytes. */
function comparison(kind: LakeKind): Comparison {
  if (kind === 'int32' || kind === 'int64') return (a, b) => sign(BigInt(a) - BigInt(b));
  if (kind === 'double' || kind === 'decimal') return (a, b) => Number(a) - Number(b);
  return (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function sign(difference: bigint): number {
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}
