import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import type { Service, Use } from '../service.ts';

export const cloudtrail: Service = {
  name: 'CloudTrail',
  types: ['AWS::CloudTrail::Trail'],
  free: [],
  drafts(use) {
    const trails = use.lake.ofType('AWS::CloudTrail::Trail');
    if (trails.length === 0) return [nothing('CloudTrail', 'data events', 'no trail is synthesised')];
    return trails.flatMap((trail) => [
      nothing(
        'CloudTrail',
        `management events ${trail.name}`,
        'the first copy in an account is free; a second trail would not be',
      ),
      dataEvents(trail, use),
    ]);
  },
};

function dataEvents(trail: LakeResource, { lake, traffic }: Use): Draft {
  const item = `data events ${trail.name}`;
  const buckets = new Set(watched(trail).map((value) => lake.target(trail, value)));
  const months = lake
    .ofType('AWS::S3::Bucket')
    .filter(({ id }) => buckets.has(id))
    .flatMap((bucket) => traffic.bucket(bucket) ?? []);
  if (months.length === 0) return nothing('CloudTrail', item, 'the trail records no requests to objects');
  const events = months.reduce((all, { puts, gets }) => all + puts + gets, 0);
  return {
    service: 'CloudTrail',
    item,
    price: 'cloudtrail.data-events',
    quantity: events / 100_000,
    how: `${events} reads and writes of ${months.length} buckets / 100,000`,
    trap: 'each read and write of an object is an event: many small files are paid for once more here',
  };
}

interface Selectors {
  readonly EventSelectors?: readonly { readonly DataResources?: readonly { readonly Values?: readonly unknown[] }[] }[];
  readonly AdvancedEventSelectors?: readonly {
    readonly FieldSelectors?: readonly {
      readonly Field?: string;
      readonly StartsWith?: readonly unknown[];
      readonly Equals?: readonly unknown[];
    }[];
  }[];
}

/** The values that name what a trail watches, in either form of selector. */
function watched({ properties }: LakeResource): readonly unknown[] {
  const { EventSelectors: plain = [], AdvancedEventSelectors: advanced = [] } = properties as Selectors;
  return [
    ...plain.flatMap(({ DataResources: data = [] }) => data.flatMap(({ Values: values = [] }) => values)),
    ...advanced
      .flatMap(({ FieldSelectors: fields = [] }) => fields)
      .filter(({ Field: field }) => field === 'resources.ARN')
      .flatMap(({ StartsWith: starts = [], Equals: equals = [] }) => [...starts, ...equals]),
  ];
}
