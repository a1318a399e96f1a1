/** The registry of models on AWS: `models/<dataset>/` in curated/, as the folder of a lake on a laptop. */
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { readText } from '../../core/lake/read-object.ts';
import { type ModelFiles, ModelRegistry } from '../../core/model/registry.ts';
import type { ObjectStore } from '../../core/ports.ts';

export function modelRegistry(store: ObjectStore, plan: FeaturePlan): ModelRegistry {
  return new ModelRegistry(modelBucket(store, `models/${plan.dataset.name}`), plan);
}

/** The object that makes a folder count: put last, removed first. */
const LAST = 'version.json';

function modelBucket(store: ObjectStore, prefix: string): ModelFiles {
  const keyOf = (path: string) => `${prefix}/${path}`;
  const put = async (path: string, text: string) => {
    await store.put('curated', keyOf(path), text);
  };
  const filesIn = async (folder: string) => {
    const names: string[] = [];
    for await (const { key } of store.list('curated', `${keyOf(folder)}/`)) {
      names.push(key.slice(keyOf(folder).length + 1));
    }
    return names.sort((a, b) => Number(a === LAST) - Number(b === LAST));
  };
  const remove = async (folder: string) => {
    for (const name of (await filesIn(folder)).reverse()) await store.remove('curated', keyOf(`${folder}/${name}`));
  };
  return {
    place: `curated/${prefix}`,
    read: (path) => readText(store, 'curated', keyOf(path)),
    write: put,
    async add(folder, files) {
      const { [LAST]: last = '', ...others } = files;
      for (const [name, text] of Object.entries(others)) await put(`${folder}/${name}`, text);
      await put(`${folder}/${LAST}`, last);
    },
    async move(from, to) {
      for (const name of await filesIn(from)) {
        await put(`${to}/${name}`, (await readText(store, 'curated', keyOf(`${from}/${name}`))) ?? '');
      }
      await remove(from);
    },
    remove,
    async folders(path) {
      const ends = `/${LAST}`;
      return (await filesIn(path)).filter((name) => name.endsWith(ends)).map((name) => name.slice(0, -ends.length));
    },
  };
}
