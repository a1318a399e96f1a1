import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { convertObject } from '../lambdas/convert/convert-object.ts';
import { RefusedObject } from '../lambdas/convert/refused-object.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';
import { lockLake } from './lock.ts';
import { openPseudonymKey } from './pseudonym-key.ts';
import { type Received, receiveFile } from './receive-file.ts';
import { addUp, type InputSummary, inputSummary, type RunSummary } from './run-summary.ts';
import { StageClock } from './stage-clock.ts';
import type { Progress } from './terminal/progress.ts';

export type { RunSummary } from './run-summary.ts';

export interface RunInput {
  /** Folder of the lake; made where it is missing. */
  readonly lake: string;
  readonly dataset: DatasetPlan;
  /** Paths of the files to take in, in this order. */
  readonly inputs: readonly string[];
  /** Default: the lake's own, made at first need. */
  readonly pseudonymKey?: PseudonymKey;
  readonly now: () => Date;
  readonly progress?: Progress;
  /** Folder of the SQL of curated tables. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
  /** Names of checks of a publication that may be broken this once. */
  readonly despite?: readonly string[];
}

/**
 * Takes files through the lake: raw, processed and rejected, curated. A file that is in the ledger already changes
 * nothing. A run that was killed at any moment is made good by running it again.
 *
 * Throws `RefusedObject` for a file that is no table of this dataset: nothing of it stays, files before it in the list
 * stay taken in. Throws `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to.
 */
export async function runLake(input: RunInput): Promise<RunSummary> {
  const root = resolve(input.lake);
  const release = await lockLake(root);
  try {
    const store = await openFileStore(root);
    await applyErasures(store, input.dataset);
    return await runLocked(input, store);
  } finally {
    await release();
  }
}

async function runLocked(input: RunInput, store: FileStore): Promise<RunSummary> {
  const started = performance.now();
  const startedAt = input.now();
  const clock = new StageClock(input.progress);
  const key = input.pseudonymKey ?? (await openPseudonymKey(store.root));
  const inputs: InputSummary[] = [];
  let refusal: RefusedObject | undefined;
  for (const path of input.inputs) {
    try {
      inputs.push(await takeIn({ input, store, clock, key }, path));
    } catch (error) {
      if (!(error instanceof RefusedObject)) throw error;
      refusal = error;
      break;
    }
  }
  const taken = inputs.filter(({ status }) => status === 'taken in');
  const curated = await publish(input, store, clock, { startedAt, taken });
  if (refusal !== undefined) throw refusal;
  return {
    dataset: input.dataset.name,
    ...addUp(inputs),
    seconds: (performance.now() - started) / 1000,
    stages: clock.stages(),
    inputs,
    curated,
    files: filesOf(store.root, input.dataset.name, curated),
  };
}

interface TakeIn {
  readonly input: RunInput;
  readonly store: FileStore;
  readonly clock: StageClock;
  readonly key: PseudonymKey;
}

async function takeIn({ input, store, clock, key }: TakeIn, path: string): Promise<InputSummary> {
  const dataset = input.dataset.name;
  const received = await clock.time('receive', path, async (onProgress) => {
    const object = await receiveFile({ store, dataset, path, now: input.now(), onProgress });
    return { value: object, rows: 0 };
  });
  if (!('isOurs' in received)) return inputSummary(received.name, 'already in the lake', received);
  const entry = await clock.time('convert', received.name, async (onProgress) => {
    const value = await convert(input.dataset, store, received, key, onProgress);
    return { value, rows: value.rowsIn };
  });
  return inputSummary(received.name, 'taken in', entry);
}

async function convert(
  plan: DatasetPlan,
  store: FileStore,
  received: Received,
  key: PseudonymKey,
  onProgress: Parameters<typeof convertObject>[0]['onProgress'],
): Promise<LedgerEntry> {
  const { isOurs, ...object } = received;
  return inLake(store.root, async () => {
    const scratch = await store.scratch.folder('convert');
    try {
      const path = store.pathOf('raw', object.rawKey);
      return await convertObject({ ...object, plan, path, store, scratch, pseudonymKey: key, onProgress });
    } catch (error) {
      if (!(error instanceof RefusedObject)) throw error;
      if (isOurs) await store.remove('raw', object.rawKey);
      throw new RefusedObject(`${object.name}: ${error.message}`);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

async function publish(
  input: RunInput,
  store: FileStore,
  clock: StageClock,
  { startedAt, taken }: { readonly startedAt: Date; readonly taken: readonly InputSummary[] },
): Promise<CuratedTable[]> {
  const { rowsIn, accepted, rejected, duplicates } = addUp(taken);
  const counts = { objects: taken.length, changed: taken.length, rowsIn, accepted, rejected, duplicates };
  const before = { mode: 'curate' as const, ...counts };
  return clock.time('curate', input.dataset.name, async (onProgress) => {
    const { dataset: plan, sqlRoot, now, despite } = input;
    const value = await curateChecked({ store, plan, now, startedAt, before, sqlRoot, onProgress, despite });
    return { value, rows: value.reduce((sum, table) => sum + table.rowsSettled, 0) };
  });
}

function filesOf(lake: string, dataset: string, curated: readonly CuratedTable[]): RunSummary['files'] {
  return {
    lake,
    processed: join(lake, 'processed', dataset),
    rejected: join(lake, 'rejected', dataset),
    curated: join(lake, 'curated', curated[0]?.table ?? dataset),
  };
}
