/**
 * The states of the curation machine that take in, with Spark, what the convert function handed over: one object after
 * the other, frame → convert → finish. One that fails tells so and waits for the next run; it does not hold back the
 * others.
 */
export function largeObjectStates(given: {
  readonly dataset: string;
  /** A task that calls the function with this payload. */
  readonly call: (payload: object) => object;
  readonly convertJob: string;
  readonly topicArn: string;
  readonly retry: readonly object[];
  readonly jobRetry: readonly object[];
  readonly alert: readonly object[];
  readonly next: string;
}): Record<string, object> {
  const { call, retry, alert, next } = given;
  return {
    'List large objects': {
      ...call({ step: 'list' }),
      ResultPath: '$.large',
      Retry: retry,
      Catch: alert,
      Next: 'Take large objects in',
    },
    'Take large objects in': {
      Type: 'Map',
      ItemsPath: '$.large.objects',
      ItemSelector: { 'object.$': '$$.Map.Item.Value' },
      // The job runs once at a time.
      MaxConcurrency: 1,
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Frame', States: eachObject(given) },
      ResultPath: null,
      Catch: alert,
      Next: next,
    },
  };
}

function eachObject({
  dataset,
  call,
  convertJob,
  topicArn,
  retry,
  jobRetry,
}: Parameters<typeof largeObjectStates>[0]): Record<string, object> {
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Tell of the failure' }];
  const tell = (subject: string, message: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: { TopicArn: topicArn, Subject: `Laketwin: ${subject}`, 'Message.$': message },
    ResultPath: null,
    Retry: retry,
  });
  return {
    Frame: {
      ...call({ step: 'frame', 'object.$': '$.object' }),
      ResultPath: '$.framed',
      Retry: retry,
      Catch,
      Next: 'Is it framed',
    },
    'Is it framed': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.framed.outcome', StringEquals: 'framed', Next: 'Convert' },
        { Variable: '$.framed.outcome', StringEquals: 'refused', Next: 'Tell of the refusal' },
      ],
      Default: 'Finish',
    },
    Convert: {
      Type: 'Task',
      Resource: 'arn:aws:states:::glue:startJobRun.sync',
      Parameters: {
        JobName: convertJob,
        Arguments: { '--order.$': '$.framed.order', '--rejected.$': '$.framed.rejected' },
      },
      ResultPath: null,
      TimeoutSeconds: 2 * 60 * 60,
      Retry: jobRetry,
      Catch,
      Next: 'Finish',
    },
    'Tell of the refusal': {
      ...tell(
        `a large file of ${dataset} was refused`,
        `States.Format('{} is not taken in: {}', $.framed.rawKey, $.framed.message)`,
      ),
      Catch,
      Next: 'Finish',
    },
    Finish: {
      ...call({ step: 'finish', 'object.$': '$.object' }),
      ResultPath: null,
      Retry: retry,
      Catch,
      End: true,
    },
    'Tell of the failure': {
      ...tell(
        `a large file of ${dataset} waits`,
        `States.Format('The large object {} of ${dataset} was not taken in: {} {} It waits for the next run; the others are taken in.', $.object, $.error.Error, $.error.Cause)`,
      ),
      End: true,
    },
  };
}
