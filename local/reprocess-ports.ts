import { rm } from 'node:fs/promises';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import type { ReprocessPorts } from '../lambdas/reprocess/reprocess-ports.ts';
import type { FileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';
import { openPseudonymKey } from './pseudonym-key.ts';
import { withEngine } from './with-engine.ts';

/** Processing objects of a folder again: they are read where they lie. */
export function reprocessPorts(store: FileStore, plan: DatasetPlan, pseudonymKey?: PseudonymKey): ReprocessPorts {
  return {
    store,
    plan,
    loadPseudonymKey: async () => pseudonymKey ?? openPseudonymKey(store.root),
    withFolder: (work) =>
      inLake(store.root, async () => {
        const folder = await store.scratch.folder('reprocess');
        try {
          return await work(folder);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
    async pathOf(zone, key) {
      return (await store.head(zone, key)) === undefined ? undefined : store.pathOf(zone, key);
    },
    withEngine: (_, work) => withEngine(store, work),
  };
}
