import { putCheckRecords } from '../../core/lake/check-results.ts';
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

export interface PublishEvent {
  readonly dataset: string;
  readonly run: string;
  readonly tables: readonly { readonly table: string }[];
  readonly checks: readonly CheckOutcome[];
  /** What the execution was started with: names of checks that may be broken this once. */
  readonly input?: { readonly despite?: readonly string[] } | null;
}

export interface PublishedRun {
  readonly published: readonly { readonly table: string; readonly version: number; readonly rows: number }[];
  /** Names of checks that are broken all the same. */
  readonly warnings: readonly string[];
}

/** A candidate that breaks a promise: it is not published, and what was published before stays. */
export class ChecksFailed extends Error {
  override readonly name = 'ChecksFailed';
}

/** How long files that nobody names are left alone: a query that began before may still read them. */
const LEFT_ALONE_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps what the checks said, and publishes what a run staged unless one of level `error` is broken: then throws
 * `ChecksFailed`. Doing it again does nothing. Throws where another run has published since.
 */
export async function publishRun(ports: PublishPorts, event: PublishEvent): Promise<PublishedRun> {
  const { dataset, run, tables, checks } = event;
  const despite = event.input?.despite ?? [];
  const checkedAt = ports.now().toISOString();
  const records = checks.map(({ name, level, isKept }) => {
    return { dataset, run, checkedAt, name, level, isKept, isOverruled: !isKept && despite.includes(name) };
  });
  await putCheckRecords(ports.store, records);
  const broken = records.filter((it) => it.level === 'error' && !it.isKept && !it.isOverruled);
  if (broken.length > 0) {
    const names = broken.map(({ name }) => name).join(', ');
    throw new ChecksFailed(`${dataset} is not published, for it breaks ${names}; what was published before stays`);
  }
  const published: PublishedRun['published'][number][] = [];
  for (const { table } of tables) {
    const { version, rows } = await publishTable(ports, run, table);
    published.push({ table, version, rows });
  }
  return { published, warnings: records.filter(({ isKept }) => !isKept).map(({ name }) => name) };
}

async function publishTable(ports: PublishPorts, run: string, table: string): Promise<CuratedManifest> {
  const { store, now } = ports;
  const staged = (await readJson(store, 'curated', runKey(run, table, 'manifest'))) as CuratedManifest | undefined;
  if (staged === undefined) throw new Error(`the run ${run} staged nothing for ${table}`);
  await putOnce(store, staged);
  await publishList(store, staged, ports.addressOf);
  await sweepCurated(store, table, { writtenBefore: new Date(now().getTime() - LEFT_ALONE_MS) });
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
