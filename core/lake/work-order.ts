/**
 * What one run of the pipeline has to do for one curated table, and what came of it: documents under `_runs/` in
 * curated/. Planning and publishing are the lake's own; the settling between them is done by whatever engine is given.
 */
import type { DataFile } from './ledger.ts';

export interface WorkOrder {
  readonly dataset: string;
  readonly table: string;
  /** Different for each run; part of the names of the files that it writes. */
  readonly run: string;
  /** Of the contract and the SQL, see `CuratedManifest`. An engine with another one refuses. */
  readonly fingerprint: string;
  readonly partitionBy: string;
  /** To be settled. */
  readonly units: readonly OrderedUnit[];
  /** Ids of units of the current manifest that stay as they are. */
  readonly kept: readonly string[];
  /** Version that the order builds on; 0 where nothing was ever published. */
  readonly basedOn: number;
}

export interface OrderedUnit {
  readonly id: string;
  readonly ledgerIds: readonly string[];
  /** Rows of `files`. */
  readonly rows: number;
  readonly keysAreUnique: boolean;
  readonly isOneObject: boolean;
  /** Keys in processed/. */
  readonly files: readonly string[];
}

/** Written last by whoever settled the units. */
export interface WorkResult {
  readonly units: readonly SettledUnit[];
}

export interface SettledUnit {
  readonly id: string;
  readonly rowsIn: number;
  readonly rows: number;
  readonly repeats: number;
  /** Files in curated/. */
  readonly files: readonly DataFile[];
}

/** A document of a run: `order`, `result` or `manifest`. */
export function runKey(run: string, table: string, document: 'order' | 'result' | 'manifest'): string {
  return `_runs/${run}/${table}/${document}.json`;
}
