import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { DAYS, MINUTES } from '../month.ts';
import { queueMonth } from '../queue-month.ts';
import type { Service, Use } from '../service.ts';

/** With a bucket key, S3 asks KMS up to 99 % less often (Amazon S3 user guide, bucket keys). */
const BUCKET_KEY_SHARE = 0.01;
/** AWS charges no version after the second rotation of a key. */
const CHARGED_ROTATIONS = 2;
/** SQS asks for a new data key every five minutes, once for who sends and once for who receives. */
const QUEUE_REQUESTS = (MINUTES / 5) * 2;

export const kms: Service = {
  name: 'KMS',
  types: ['AWS::KMS::Key'],
  free: ['AWS::KMS::Alias'],
  drafts(use) {
    const keys = use.lake.ofType('AWS::KMS::Key');
    if (keys.length === 0) return [nothing('KMS', 'keys', 'no key is synthesised')];
    return [
      { service: 'KMS', item: 'keys', price: 'kms.key', quantity: keys.length, how: `${keys.length} keys` },
      rotations(keys, use),
      ...use.lake.ofType('AWS::S3::Bucket').flatMap((bucket) => bucketRequests(bucket, use)),
      ...use.lake.ofType('AWS::SQS::Queue').flatMap((queue) => queueRequests(queue, use)),
    ];
  },
};

function rotations(keys: readonly LakeResource[], { volumes }: Use): Draft {
  const versions = keys.map(({ properties }) => {
    if (properties.EnableKeyRotation !== true) return 0;
    const done = Math.floor((volumes.ageMonths * DAYS) / (properties.RotationPeriodInDays ?? 365));
    return Math.min(CHARGED_ROTATIONS, done);
  });
  const quantity = versions.reduce((all, one) => all + one, 0);
  return {
    service: 'KMS',
    item: 'rotated versions',
    price: 'kms.key',
    quantity,
    how: `versions of ${keys.length} keys in month ${volumes.ageMonths} of the lake, at most ${CHARGED_ROTATIONS} a key`,
    trap: 'each of a key’s first two rotations adds a dollar a month for ever: a key that rotates every 90 days costs 3 $ after half a year',
  };
}

function bucketRequests(bucket: LakeResource, { traffic }: Use): Draft[] {
  const [rule] = bucket.properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
  if (!String(rule?.ServerSideEncryptionByDefault?.SSEAlgorithm).startsWith('aws:kms')) return [];
  const { puts = 0, gets = 0 } = traffic.bucket(bucket) ?? {};
  const share = rule.BucketKeyEnabled === true ? BUCKET_KEY_SHARE : 1;
  const trap =
    share === 1
      ? `no bucket key: every object read or written is a request to KMS; BucketKeyEnabled would take off up to 99 % of ${puts + gets}`
      : undefined;
  return [
    {
      service: 'KMS',
      item: `requests for ${bucket.name}`,
      price: 'kms.requests',
      quantity: ((puts + gets) * share) / 10_000,
      how: `(${puts} writes + ${gets} reads) × ${share}${share === 1 ? '' : ' with its bucket key'} / 10,000`,
      trap,
    },
  ];
}

function queueRequests(queue: LakeResource, use: Use): Draft[] {
  if (queue.properties.KmsMasterKeyId === undefined) return [];
  const { messages } = queueMonth(queue, use);
  const requests = Math.min(QUEUE_REQUESTS, messages * 2);
  return [
    {
      service: 'KMS',
      item: `requests for ${queue.name}`,
      price: 'kms.requests',
      quantity: requests / 10_000,
      how: `the lesser of 2 × ${messages} messages and a data key every 5 minutes on both sides, ${QUEUE_REQUESTS}, / 10,000`,
    },
  ];
}
