import type { LakeResource } from './lake-resources.ts';
import type { Use } from './service.ts';

/** What buckets tell a queue in a month. */
export function queueMonth(queue: LakeResource, { lake, traffic }: Use): { messages: number; bytes: number } {
  const months = lake
    .ofType('AWS::S3::Bucket')
    .filter((bucket) => {
      const targets: { Queue?: unknown }[] = bucket.properties.NotificationConfiguration?.QueueConfigurations ?? [];
      return targets.some(({ Queue: target }) => lake.target(bucket, target) === queue.id);
    })
    .flatMap((bucket) => traffic.bucket(bucket) ?? []);
  return {
    messages: months.reduce((all, { messages }) => all + messages, 0),
    bytes: months.reduce((all, { messageBytes }) => all + messageBytes, 0),
  };
}
