import { type CuratedManifest, putManifest, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { type AddressOf, publishList } from '../../core/lake/file-list.ts';
import { readJson } from '../../core/lake/read-object.ts';
import { sweepCurated } from '../../core/lake/sweep-curated.ts';
import { runKey } from '../../core/lake/work-order.ts';
import { type ObjectStore, PreconditionFailed } from '../../core/ports.ts';

export interface PublishPorts {
  readonly store: ObjectStore;
  readonly addressOf: AddressOf;
  readonly now: () => Date;
}

/** What a check of the candidate said. */
export interface CheckOutcome {
  readonly name: string;
  readonly level: 'error' | 'warning';
  readonly isKept: boolean;
}

/** A candidate that breaks a promise: it is not published, and what was published before stays. */
export class ChecksFailed extends Error {
  override readonly name = 'ChecksFailed';
}

/** How long files that nobody names are left alone: a query that began before may still read them. */
const LEFT_ALONE_MS = 24 * 60 * 60 * 1000;

/**
 * Publishes what a run staged for a table, unless a check of level `error` was broken: then throws `ChecksFailed`.
 * Doing it again does nothing. Throws where another run has published since.
 */
export async function publishCandidate(
  ports: PublishPorts,
  run: string,
  table: string,
  checks: readonly CheckOutcome[],
): Promise<CuratedManifest> {
  const { store, now } = ports;
  const broken = checks.filter(({ level, isKept }) => level === 'error' && !isKept).map(({ name }) => name);
  if (broken.length > 0) {
    throw new ChecksFailed(`${table} is not published, for it breaks ${broken.join(', ')}; what was before stays`);
  }
  const staged = (await readJson(store, 'curated', runKey(run, table, 'manifest'))) as CuratedManifest | undefined;
  if (staged === undefined) throw new Error(`the run ${run} staged nothing for ${table}`);
  await putOnce(store, staged);
  await publishList(store, staged, ports.addressOf);
  await sweepCurated(store, table, new Date(now().getTime() - LEFT_ALONE_MS));
  return staged;
}

async function putOnce(store: ObjectStore, staged: CuratedManifest): Promise<void> {
  try {
    await putManifest(store, staged);
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    const current = await readCurrentManifest(store, staged.table);
    if (JSON.stringify(current) !== JSON.stringify(staged)) {
      throw new Error(`${staged.table}: another run has published version ${staged.version}`);
    }
  }
}
