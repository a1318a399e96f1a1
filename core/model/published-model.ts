/** The champion of a registry as a scorer opens it: one model, checked by name before it says anything. */
import type { FeaturePlan } from '../features/feature-plan.ts';
import { type Model, openBundle } from './bundle.ts';
import { DamagedModel } from './forest.ts';
import { parseFile, parseVersion, readPublished } from './open-version.ts';
import { filesOf, type Version, type Witness } from './version.ts';

/** The text of a file of the registry, such as `champion.json`; undefined where there is none. */
export type ReadRegistryFile = (path: string) => Promise<string | undefined>;

/** The model of the first target, and what is known of its making. */
export interface PublishedModel {
  readonly record: Version;
  readonly model: Model;
  /** What it was trained on looks like: a thousand rows of it, and what the library foretold of them. */
  readonly witness: Witness;
}

/** No model was ever published. */
export class NoModel extends Error {
  override readonly name = 'NoModel';
}

/** Throws `NoModel`, or `DamagedModel` or `ForeignModel` with a sentence. */
export async function openPublished(read: ReadRegistryFile, plan: FeaturePlan): Promise<PublishedModel> {
  const champion = await read('champion.json');
  if (champion === undefined) throw new NoModel(`no model of ${plan.dataset.name} is published`);
  const { version } = parseFile<{ readonly version: unknown }>('champion.json', champion);
  if (!/^v\d+-[0-9a-f]{8}$/.test(String(version))) throw new DamagedModel('champion.json names no version');
  return openBeside((name) => read(`live/${version}/${name}`), plan);
}

/** By the names of the files beside its `version.json`. */
async function openBeside(read: ReadRegistryFile, plan: FeaturePlan): Promise<PublishedModel> {
  const record = parseVersion('version.json', (await read('version.json')) ?? '');
  const { model, witness } = filesOf(plan.targets[0]?.column ?? '');
  return {
    record,
    model: openBundle(plan, await readPublished(record, model, read)),
    witness: parseFile<Witness>(witness, await readPublished(record, witness, read)),
  };
}
