import { resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { openFileStore } from './file-store.ts';
import { lockLake } from './lock.ts';

/**
 * Brings the curated tables of a lake up to its ledger, as its one writer.
 *
 * Throws `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to.
 */
export async function curateLake(input: {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly now: () => Date;
}): Promise<CuratedTable[]> {
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    await applyErasures(store, input.dataset);
    return await curateChecked({ store, plan: input.dataset, now: input.now });
  } finally {
    await release();
  }
}
