import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { readText } from '../../core/lake/read-object.ts';
import { parseVersion, readPublished } from '../../core/model/open-version.ts';
import { candidateKey } from '../../core/model/training-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { modelRegistry } from '../shared/model-bucket.ts';

export interface PublishPorts {
  readonly store: ObjectStore;
  readonly now: () => Date;
}

/** Either the run whose candidate is published, or the live version to go back to. */
export type PublishEvent = { readonly run: string } | { readonly backTo: string };

/** Makes a version the champion; its witness rows are scored again first. Doing it again does nothing. */
export async function publishModel(
  { store, now }: PublishPorts,
  plan: FeaturePlan,
  event: PublishEvent,
): Promise<{ readonly champion: string }> {
  const registry = modelRegistry(store, plan);
  if ('backTo' in event) {
    const live = await registry.live();
    if (!live.includes(event.backTo)) {
      throw new Error(`found backTo ${event.backTo}, expected one of ${live.join(', ')}`);
    }
    await registry.enthrone(event.backTo, now());
    return { champion: event.backTo };
  }
  const read = (name: string) => readText(store, 'curated', candidateKey(plan.dataset.name, event.run, name));
  const text = await read('version.json');
  if (text === undefined) throw new Error(`the run ${event.run} has no candidate: the gate did not let it through`);
  const record = parseVersion('version.json', text);
  const files: Record<string, string> = {};
  for (const name of Object.keys(record.files)) files[name] = await readPublished(record, name, read);
  await registry.publish(record, files, now());
  return { champion: record.version };
}
