/** The registry of models of a lake on this machine: its folder `models/<dataset>`. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { type ModelFiles, ModelRegistry } from '../../core/model/registry.ts';

export type { OpenVersion } from '../../core/model/open-version.ts';

export class Registry extends ModelRegistry {
  readonly folder: string;

  constructor(lake: string, plan: FeaturePlan) {
    const folder = join(lake, 'models', plan.dataset.name);
    super(modelFolder(folder), plan);
    this.folder = folder;
  }
}

function modelFolder(place: string): ModelFiles {
  const pathOf = (path: string) => join(place, ...path.split('/'));
  return {
    place,
    async read(path) {
      try {
        return await readFile(pathOf(path), 'utf8');
      } catch (error) {
        if ((error as { readonly code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(path, text) {
      const fresh = `${pathOf(path)}.${process.pid}`;
      await writeFile(fresh, text);
      await rename(fresh, pathOf(path));
    },
    async add(folder, files) {
      const fresh = join(place, `.${folder.replaceAll('/', '-')}-${process.pid}`);
      try {
        await mkdir(fresh, { recursive: true });
        for (const [name, text] of Object.entries(files)) await writeFile(join(fresh, name), text);
        await mkdir(dirname(pathOf(folder)), { recursive: true });
        await rename(fresh, pathOf(folder));
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
    },
    async move(from, to) {
      await mkdir(dirname(pathOf(to)), { recursive: true });
      await rename(pathOf(from), pathOf(to));
    },
    async remove(folder) {
      await rm(pathOf(folder), { recursive: true, force: true });
    },
    async folders(path) {
      return readdir(pathOf(path)).catch(() => []);
    },
  };
}
