import type { CuratedManifest } from '../core/lake/curated-manifest.ts';
import { putRunRecord, type RunRecord } from '../core/lake/run-records.ts';
import { ChecksFailed, checkCandidate } from './check-candidate.ts';
import { type CuratedTable, type CurateInput, curate } from './curate.ts';

/** What a run did before it curates. */
type Before = Pick<RunRecord, 'mode'> &
  Omit<Partial<RunRecord>, 'dataset' | 'run' | 'startedAt' | 'endedAt' | 'outcome' | 'message' | 'rowsPublished'>;

export interface CurateCheckedInput extends Omit<CurateInput, 'accept' | 'now'> {
  readonly now: () => Date;
  /** When the run began. Default: now. */
  readonly startedAt?: Date;
  readonly before?: Before;
  /** Names of checks that may be broken this once. */
  readonly despite?: readonly string[] | undefined;
}

/**
 * Brings the curated tables up to the ledger where no check of a publication is broken; else throws `ChecksFailed`.
 * Both leave a record of the run; a run that publishes nothing leaves none, for it leaves nothing.
 */
export async function curateChecked(input: CurateCheckedInput): Promise<CuratedTable[]> {
  const { store, plan, now, despite = [], before = { mode: 'curate' }, startedAt = now(), ...rest } = input;
  const at = now();
  const run = at.toISOString().replaceAll(':', '');
  const record = (ended: Pick<RunRecord, 'outcome' | 'message' | 'rowsPublished'>) =>
    putRunRecord(store, {
      dataset: plan.name,
      run,
      ...before,
      startedAt: startedAt.toISOString(),
      endedAt: now().toISOString(),
      ...ended,
    });
  let isNew = false;
  const accept = async (candidates: readonly CuratedManifest[]) => {
    isNew = true;
    await checkCandidate({ ...rest, store, plan, now: at, run, candidates, despite });
  };
  try {
    const tables = await curate({ ...rest, store, plan, now: at, accept });
    const rowsPublished = tables.reduce((sum, { rows }) => sum + rows, 0);
    if (isNew) await record({ outcome: 'published', rowsPublished });
    return tables;
  } catch (error) {
    // The first line alone: those behind it quote rows.
    if (error instanceof ChecksFailed) await record({ outcome: 'failed', message: error.message.split('\n')[0] ?? '' });
    throw error;
  }
}
