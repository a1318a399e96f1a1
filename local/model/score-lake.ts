/** Scores the bookings of a lake with its champion, and judges the champion by the outcomes that came since. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { type ScoredLake, scoreCurated } from '../../lambdas/score-bookings/score-curated.ts';
import { openFileStore } from '../file-store.ts';
import { lockLake } from '../lock.ts';
import { registryReader } from './registry-reader.ts';

export interface ScoreLakeInput {
  readonly lake: string;
  readonly plan: FeaturePlan;
  readonly now: () => Date;
}

/** See `scoreCurated` and `openPublished`. Throws `LakeInUse` and `LakeUnavailable` too. */
export async function scoreLake({ lake, plan, now }: ScoreLakeInput): Promise<ScoredLake> {
  const root = resolve(lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    const scratch = await store.scratch.folder('scores');
    try {
      return await scoreCurated({ store, scratch, now, readRegistry: registryReader(root, plan) }, plan);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } finally {
    await release();
  }
}
