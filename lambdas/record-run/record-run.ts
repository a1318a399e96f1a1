import { readReprocessed } from '../../core/lake/reprocessing.ts';
import { putRunRecord, type RunOutcome, type RunRecord } from '../../core/lake/run-records.ts';
import type { ObjectStore } from '../../core/ports.ts';

export interface EndedRun {
  readonly run: string;
  readonly startedAt: string;
  readonly outcome: RunOutcome;
  /** What the execution was started with. */
  readonly input: {
    readonly backfill?: { readonly from: string; readonly to: string };
    readonly replay?: boolean;
  } | null;
  /** What the execution knows at its end. */
  readonly state: {
    readonly published?: { readonly published: readonly { readonly rows: number }[] };
    readonly error?: { readonly Error: string; readonly Cause: string };
  };
}

export interface RecordPorts {
  readonly store: ObjectStore;
  readonly dataset: string;
  readonly now: () => Date;
}

/** Keeps what an execution did. Where a batch was tried again, its counts are those of its last try. */
export async function recordRun({ store, dataset, now }: RecordPorts, ended: EndedRun): Promise<RunRecord> {
  const { run, startedAt, outcome, input, state } = ended;
  const reprocessed = await readReprocessed(store, run);
  const { rowsIn, accepted, rejected, duplicates, objects, changed } = reprocessed ?? {};
  const rows = state.published?.published.map((table) => table.rows);
  const record: RunRecord = {
    dataset,
    run,
    mode: input?.backfill ? 'backfill' : input?.replay ? 'replay' : 'curate',
    startedAt: new Date(startedAt).toISOString(),
    endedAt: now().toISOString(),
    outcome,
    ...(state.error && { message: `${state.error.Error}: ${sentenceOf(state.error.Cause)}` }),
    ...(input?.backfill && { fromDay: input.backfill.from, toDay: input.backfill.to }),
    ...(reprocessed && { objects, changed, rowsIn, accepted, rejected, duplicates }),
    ...(rows && { rowsPublished: rows.reduce((sum, one) => sum + one, 0) }),
  };
  await putRunRecord(store, record);
  return record;
}

/** What a function threw comes as JSON with its message and its stack, which is for us. */
function sentenceOf(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
