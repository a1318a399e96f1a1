import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import type { ReadRegistryFile } from '../../core/model/published-model.ts';

/** Reads files of the registry of a lake, see `Registry`. */
export function registryReader(root: string, plan: FeaturePlan): ReadRegistryFile {
  return (path) =>
    readFile(join(root, 'models', plan.dataset.name, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
}
