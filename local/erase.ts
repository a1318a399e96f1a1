import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { compilePerson, type SoughtPerson } from '../core/etl/person.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import { applyErasures, pendingErasures } from '../core/lake/erasures.ts';
import { findPerson } from '../lambdas/erase/find-person.ts';
import { personRecords } from '../lambdas/erase/person-records.ts';
import { searchSource } from '../lambdas/erase/search-source.ts';
import { countsOf, isNothing, stageErasure } from '../lambdas/erase/stage-erasure.ts';
import type { ReprocessPorts } from '../lambdas/reprocess/reprocess-ports.ts';
import type { CuratedTable } from './curate.ts';
import { curateChecked } from './curate-checked.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';
import { lockLake } from './lock.ts';
import { reprocessPorts } from './reprocess-ports.ts';

export interface EraseInput {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly person: SoughtPerson;
  readonly now: () => Date;
  /** Asked with what was found, before anything is changed; nothing is where it answers no. */
  readonly confirm: (found: FoundRows) => Promise<boolean>;
  /** Told what is being done: each may take a while, for all of a lake is read. */
  readonly say?: (what: string) => void;
  /** Default: the lake's own. */
  readonly pseudonymKey?: PseudonymKey;
  /** Folder of the SQL of curated tables. Default: the one of Laketwin. */
  readonly sqlRoot?: string;
  /** Names of checks of a publication that may be broken this once. */
  readonly despite?: readonly string[];
}

/** What a lake holds of a person, without a word of who it is. */
export interface FoundRows {
  readonly dataset: string;
  /** Rows by where they lie. */
  readonly rows: Readonly<Record<string, number>>;
  readonly objects: readonly { readonly id: string; readonly day: string; readonly rows: number }[];
  /** Generated samples that a lake keeps beside its zones; they go as a whole, and are made again at need. */
  readonly samples: number;
}

export interface ErasureSummary extends FoundRows {
  /** `completed`: nothing was found but one that was certain and not yet carried out. */
  readonly outcome: 'erased' | 'completed' | 'nothing found' | 'not confirmed';
  /** Number of the record that is kept of it. */
  readonly erasure?: number;
  readonly curated: readonly CuratedTable[];
}

/**
 * Takes every row of a person out of a lake, so that it is as if they had never come, and keeps a record that tells
 * neither the person nor the rows. Finds everything first and changes nothing where anything cannot be read. One that
 * was killed at any moment is made good by running it again; once it was certain, also by the next run.
 *
 * Throws `LakeInUse` and `LakeUnavailable` for a lake that cannot be written to, and `ChecksFailed` where the curated
 * tables cannot be published: the rows are gone from all else then, and the next publication completes it.
 */
export async function eraseFromLake(input: EraseInput): Promise<ErasureSummary> {
  const { dataset: plan, now, sqlRoot, despite } = input;
  const root = resolve(input.lake);
  if (!existsSync(root)) throw new Error(`there is no lake in ${root}: check --lake`);
  const release = await lockLake(root);
  try {
    const startedAt = now();
    const store = await openFileStore(root);
    await applyErasures(store, plan);
    const ports = reprocessPorts(store, plan, input.pseudonymKey);
    input.say?.('looking for the person in all of the lake');
    const done = await inLake(root, () => findAndStage(input, store, ports));
    const pending = await pendingErasures(store, plan.name);
    if (pending.length === 0) return { ...done, curated: [] };
    await applyErasures(store, plan);
    const objects = done.objects.length;
    const before = { mode: 'erase' as const, objects, changed: objects };
    const curated = await curateChecked({ store, plan, now, startedAt, before, sqlRoot, despite });
    if (done.outcome === 'erased') {
      input.say?.('looking again in what is left');
      await requireGone(input, ports);
    }
    return { ...done, outcome: done.outcome === 'nothing found' ? 'completed' : done.outcome, curated };
  } finally {
    await release();
  }
}

type Staged = Omit<ErasureSummary, 'curated'>;

async function findAndStage(input: EraseInput, store: FileStore, ports: ReprocessPorts): Promise<Staged> {
  const { dataset: plan, person, now } = input;
  return ports.withFolder((folder) =>
    ports.withEngine(folder, async (connection) => {
      const found = await findPerson(ports, connection, folder, person);
      const samples = await samplesOf(input, store, ports, folder);
      const told: FoundRows = {
        dataset: plan.name,
        rows: countsOf(found),
        objects: found.objects.map(({ entry, files, rejectedFiles }) => ({
          id: entry.id,
          day: entry.ingestDate,
          rows: [...files, ...rejectedFiles].reduce((sum, { rows }) => sum + rows.length, 0),
        })),
        samples: samples.length,
      };
      if (isNothing(found) && samples.length === 0) return { ...told, outcome: 'nothing found' };
      if (!(await input.confirm(told))) return { ...told, outcome: 'not confirmed' };
      input.say?.('writing what is left');
      for (const sample of samples) await rm(sample, { force: true });
      if (isNothing(found)) return { ...told, outcome: 'erased' };
      const { erasure } = await stageErasure(ports, connection, folder, found, now());
      return { ...told, outcome: 'erased', erasure };
    }),
  );
}

/** Looks again, as one who asks what the lake still has. */
async function requireGone({ person }: EraseInput, ports: ReprocessPorts): Promise<void> {
  const left = await ports.withFolder((folder) =>
    ports.withEngine(folder, async (connection) => countsOf(await findPerson(ports, connection, folder, person))),
  );
  const places = Object.entries(left).filter(([, rows]) => rows > 0);
  if (places.length === 0) return;
  throw new Error(`rows of the person are still in ${places.map(([place]) => place).join(', ')}: erase again`);
}

/** Generated files that hold the person: `run` keeps them in the lake, and makes them again. */
async function samplesOf(
  { dataset: plan, person }: EraseInput,
  { root }: FileStore,
  ports: ReprocessPorts,
  scratch: string,
): Promise<string[]> {
  const records = personRecords(plan, compilePerson(plan, await ports.loadPseudonymKey(), person));
  const folder = join(root, 'samples');
  const found: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${plan.name}-`)) continue;
    const isHit = ({ text, format }: { text: string; format: Parameters<typeof records.isOf>[1] }) =>
      records.isRefusedOf(text, format);
    const { hits } = await searchSource(join(folder, name), { plan, scratch, isHit });
    if (hits.length > 0) found.push(join(folder, name));
  }
  return found;
}
