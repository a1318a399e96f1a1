/** The states of the curation machine that process what the ledger has again, where it is started with a demand. */

/** Batches at a time, a function each: as many as the queue of new files lets run. */
const BATCHES_AT_A_TIME = 5;

/** A backfill has days (`{"backfill": {"from": "2026-01-01", "to": "2026-01-31"}}`), a replay none (`{"replay": true}`). */
export const IS_DEMANDED = ['$.backfill', '$.replay'].map((Variable) => ({ Variable, IsPresent: true }));

export function reprocessStates(given: {
  /** A task that calls the function with this payload. */
  readonly call: (payload: object) => object;
  readonly retry: readonly object[];
  readonly alert: readonly object[];
  readonly next: string;
}): Record<string, object> {
  const { call, retry, alert, next } = given;
  return {
    'What is demanded': {
      Type: 'Choice',
      Choices: [{ Or: IS_DEMANDED, Next: 'Plan reprocessing' }],
      Default: next,
    },
    'Plan reprocessing': {
      ...call({ 'run.$': '$$.Execution.Name', 'asked.$': '$$.Execution.Input' }),
      ResultPath: '$.reprocess',
      Retry: retry,
      Catch: alert,
      Next: 'Reprocess',
    },
    Reprocess: {
      Type: 'Map',
      ItemsPath: '$.reprocess.batches',
      ItemSelector: { 'run.$': '$$.Execution.Name', 'batch.$': '$$.Map.Item.Value' },
      MaxConcurrency: BATCHES_AT_A_TIME,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Reprocess batch',
        States: {
          'Reprocess batch': {
            ...call({ 'run.$': '$.run', 'batch.$': '$.batch' }),
            // What it came to is in the lake; an execution holds little.
            ResultPath: null,
            Retry: retry,
            End: true,
          },
        },
      },
      ResultPath: null,
      Catch: alert,
      Next: next,
    },
  };
}
