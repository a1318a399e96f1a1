/** A batch of SQS messages, each a notification of S3, as far as it is read here. */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The messages that are to come again. */
export interface QueueResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Calls `take` with the key of each object that a batch of messages tells of, one after the other. Only messages whose
 * objects failed come again.
 */
export function eachObject(take: (key: string) => Promise<void>): (event: QueueEvent) => Promise<QueueResponse> {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        for (const key of objectKeys(body)) await take(key);
      } catch {
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}

/** Keys of the objects that a notification tells of; a test message of S3 has none. */
export function objectKeys(body: string): string[] {
  const { Records = [] } = JSON.parse(body) as { readonly Records?: readonly S3Record[] };
  // S3 writes keys as in a query: a space is a plus.
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
}

interface S3Record {
  readonly s3: { readonly object: { readonly key: string } };
}
