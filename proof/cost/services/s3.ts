import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { DAYS, GB } from '../month.ts';
import type { Service, Use } from '../service.ts';
import { type BucketMonth, gbKept } from '../traffic.ts';

export const s3: Service = {
  name: 'S3',
  types: ['AWS::S3::Bucket'],
  free: ['AWS::S3::BucketPolicy'],
  drafts(use) {
    const buckets = use.lake.ofType('AWS::S3::Bucket');
    if (buckets.length === 0) return [nothing('S3', 'storage', 'no bucket is synthesised')];
    return buckets.flatMap((bucket) => {
      const month = use.traffic.bucket(bucket);
      if (month === undefined)
        return [nothing('S3', `storage ${bucket.name}`, 'the volumes say nothing of this bucket')];
      return [...storage(bucket, month, use), ...requests(bucket, month)];
    });
  },
};

interface Rule {
  readonly Status?: string;
  readonly ExpirationInDays?: number;
  readonly Transitions?: readonly Transition[];
}

interface Transition {
  readonly StorageClass: string;
  readonly TransitionInDays?: number;
}

function storage(bucket: LakeResource, month: BucketMonth, { volumes }: Use): Draft[] {
  const rules: Rule[] = (bucket.properties.LifecycleConfiguration?.Rules ?? []).filter(
    ({ Status: status }: Rule) => status === 'Enabled',
  );
  const expirations = rules.flatMap(({ ExpirationInDays: days }) => days ?? []);
  const days = expirations.length === 0 ? undefined : Math.max(...expirations);
  const moves = rules
    .flatMap(({ Transitions: transitions = [] }) => transitions)
    .sort((one, other) => (one.TransitionInDays ?? 0) - (other.TransitionInDays ?? 0));
  const kept = days === undefined ? 'for ever' : `${days} days`;
  const starts = [{ StorageClass: 'STANDARD', TransitionInDays: 0 }, ...moves];
  const classes = starts.map(({ StorageClass: name, TransitionInDays: from = 0 }, index): Draft => {
    const until = Math.min(
      days ?? Number.POSITIVE_INFINITY,
      starts[index + 1]?.TransitionInDays ?? Number.POSITIVE_INFINITY,
    );
    const quantity =
      gbKept(month.bytes, Number.isFinite(until) ? until : undefined, volumes) - gbKept(month.bytes, from, volumes);
    return {
      service: 'S3',
      item: `storage ${bucket.name}${index === 0 ? '' : `, ${name}`}`,
      price: `s3.storage.${name}`,
      quantity: Math.max(0, quantity),
      how: `${(month.bytes / GB).toPrecision(4)} GB a month, kept ${kept}, in month ${volumes.ageMonths} of the lake`,
    };
  });
  return [...classes, ...moves.map((move) => transition(bucket, month, move))];
}

function transition(
  { name }: LakeResource,
  { puts }: BucketMonth,
  { StorageClass: to, TransitionInDays: days }: Transition,
): Draft {
  return {
    service: 'S3',
    item: `transitions ${name} to ${to}`,
    price: 's3.transition',
    quantity: puts / 1000,
    how: `${puts} objects a month move after ${days} days`,
    trap: 'a transition is charged by object: small files cost more to move than they save',
  };
}

function requests({ name }: LakeResource, { puts, gets }: BucketMonth): Draft[] {
  const trap =
    puts / DAYS > 5000 ? 'many small objects: each write costs as much as keeping 0.2 MB for a month' : undefined;
  return [
    {
      service: 'S3',
      item: `writes ${name}`,
      price: 's3.put',
      quantity: puts / 1000,
      how: `${puts} writes / 1000`,
      trap,
    },
    { service: 'S3', item: `reads ${name}`, price: 's3.get', quantity: gets / 1000, how: `${gets} reads / 1000` },
  ];
}
