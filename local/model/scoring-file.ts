/** Reads a file of bookings as the lake would, in a lake of its own that is gone afterwards. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type FeaturePlan, inputColumns } from '../../core/features/feature-plan.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { convertObject } from '../../lambdas/convert/convert-object.ts';
import { type Engine, openEngine } from '../engine.ts';
import { openFileStore } from '../file-store.ts';
import { openPseudonymKey } from '../pseudonym-key.ts';
import { receiveFile } from '../receive-file.ts';

/** Gives an engine that has the file's rows as `processed_<dataset>`, and what became of them. */
export async function withScoringFile<T>(
  plan: FeaturePlan,
  input: string,
  now: Date,
  work: (engine: Engine, entry: LedgerEntry) => Promise<T>,
): Promise<T> {
  if (!existsSync(input)) throw new Error(`there is no file '${input}' to score`);
  const scratch = await mkdtemp(join(tmpdir(), 'laketwin-score-'));
  try {
    const store = await openFileStore(join(scratch, 'lake'));
    const dataset = scoringPlan(plan);
    const received = await receiveFile({ store, dataset: dataset.name, path: input, now });
    if (!('isOurs' in received)) throw new Error(`the ledger of a new lake knows '${input}'`);
    const { isOurs: _, ...object } = received;
    const path = store.pathOf('raw', object.rawKey);
    const pseudonymKey = await openPseudonymKey(store.root);
    const entry = await convertObject({ ...object, plan: dataset, path, store, scratch, pseudonymKey });
    const engine = await openEngine(store, [dataset], { sqlRoot: join(scratch, 'no-sql'), estimatesScans: false });
    try {
      return await work(engine, entry);
    } finally {
      await engine.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The contract of rows that have no outcome yet: what no feature reads is left out, a target may be missing. */
export function scoringPlan(plan: FeaturePlan): DatasetPlan {
  const inputs = new Set(inputColumns(plan).map(({ name }) => name));
  const targets = new Set(plan.targets.map(({ column }) => column));
  const columns = plan.dataset.columns
    .filter(({ name }) => inputs.has(name) || !targets.has(name))
    .map((column) => (targets.has(column.name) ? { ...column, nullable: true } : column));
  return { ...plan.dataset, columns };
}
