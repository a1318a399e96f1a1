import type { DatasetPlan } from '../../core/contract/plan.ts';
import { waitingObject, waitingObjects } from '../../core/lake/large-objects.ts';
import { finishLarge } from './finish-large.ts';
import { type Framed, frameLarge, type TakePorts } from './frame-large.ts';

/** A step of the curation machine of a dataset; `object` is the id of one that waits. */
export type TakeEvent = { readonly dataset: string } & (
  | { readonly step: 'list' }
  | { readonly step: 'frame' | 'finish'; readonly object: string }
);

/** Of `list`, the ids of what waits; of the others, what became of the object. */
export type Taken = { readonly objects: readonly string[] } | Framed | { readonly outcome: 'finished' };

/** Takes a step with an object that is too large for the convert function, before or after the Spark job. */
export async function takeLarge(
  ports: Omit<TakePorts, 'plan'> & {
    readonly datasetNamed: (name: string) => DatasetPlan;
    /** Told of every object. */
    readonly report: (done: object) => void;
  },
  event: TakeEvent,
): Promise<Taken> {
  const { store, report } = ports;
  const { dataset, step } = event;
  if (step === 'list') return { objects: (await waitingObjects(store, dataset)).map(({ id }) => id) };
  const object = await waitingObject(store, { dataset, id: event.object });
  // Finished by a try that could not say so.
  if (object === undefined) return { outcome: 'gone' };
  const given = { ...ports, plan: ports.datasetNamed(dataset) };
  if (step === 'frame') {
    const framed = await frameLarge(given, object);
    report({ rawKey: object.rawKey, ...framed });
    return framed;
  }
  const entry = await finishLarge(given, object);
  if (entry !== undefined) report({ outcome: 'converted', rawKey: object.rawKey, entry });
  return { outcome: 'finished' };
}
