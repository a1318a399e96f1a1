/** Publishes what passed the gate in the lake of this machine. */
import { mkdir } from 'node:fs/promises';
import type { Version } from '../../core/model/version.ts';
import { assembleVersion, type Judgement } from '../../lambdas/judge-model/assemble-version.ts';
import { lockLake } from '../lock.ts';

/** Publishes a version, or nothing where the gate refuses: see `assembleVersion`. */
export async function publishVersion(lake: string, judgement: Judgement): Promise<Version | undefined> {
  await mkdir(lake, { recursive: true });
  const release = await lockLake(lake);
  try {
    const draft = await assembleVersion(judgement);
    if (draft !== undefined) await judgement.registry.publish(draft.record, draft.files, judgement.now);
    return draft?.record;
  } finally {
    await release();
  }
}
