import type { LakeResource } from '../lake-resources.ts';
import { type Draft, figure, nothing } from '../line.ts';
import { DAYS, MIB, runsPerMonth } from '../month.ts';
import { queueMonth } from '../queue-month.ts';
import type { Service, Use } from '../service.ts';

/** Of a function's disk, what is not charged. */
const FREE_DISK_MB = 512;

export const lambda: Service = {
  name: 'Lambda',
  types: ['AWS::Lambda::Function'],
  free: [
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Permission',
    'AWS::Lambda::LayerVersion',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Alias',
    'AWS::Lambda::Version',
  ],
  drafts(use) {
    const functions = use.lake.ofType('AWS::Lambda::Function');
    if (functions.length === 0) return [nothing('Lambda', 'functions', 'no function is synthesised')];
    return functions.flatMap((one) => linesOf(one, use));
  },
};

function linesOf(resource: LakeResource, use: Use): Draft[] {
  const { name, properties } = resource;
  const { calls, bytes, why } = callsOf(resource, use);
  const { secondsPerCall, secondsPerMiB } = use.volumes.lambda;
  const seconds = calls * secondsPerCall + (bytes / MIB) * secondsPerMiB;
  const memory = properties.MemorySize ?? 128;
  const disk = Math.max(0, (properties.EphemeralStorage?.Size ?? FREE_DISK_MB) - FREE_DISK_MB);
  const ran = `${figure(seconds)} s`;
  return [
    {
      service: 'Lambda',
      item: `calls ${name}`,
      price: 'lambda.requests',
      quantity: calls / 1e6,
      how: `${figure(calls)} calls (${why}) / 1,000,000`,
    },
    {
      service: 'Lambda',
      item: `duration ${name}`,
      price: properties.Architectures?.[0] === 'arm64' ? 'lambda.arm' : 'lambda.x86',
      quantity: (seconds * memory) / 1024,
      how: `${ran} × ${memory} MB / 1024`,
    },
    ...(disk === 0
      ? []
      : [
          {
            service: 'Lambda',
            item: `disk ${name}`,
            price: 'lambda.ephemeral',
            quantity: (seconds * disk) / 1024,
            how: `${ran} × (${disk + FREE_DISK_MB} − ${FREE_DISK_MB} MB) / 1024`,
          },
        ]),
  ];
}

export interface Calls {
  readonly calls: number;
  readonly bytes: number;
  readonly why: string;
}

/** Calls of a function in a month, by what calls it: a stream, a queue, or else each run of the curation. */
export function callsOf(resource: LakeResource, use: Use): Calls {
  return (
    streamCalls(resource, use) ??
    queueCalls(resource, use) ??
    clockCalls(resource, use) ?? { calls: use.volumes.curation.runsPerDay * DAYS, bytes: 0, why: 'one a curation' }
  );
}

function streamCalls(resource: LakeResource, { lake, traffic }: Use): Calls | undefined {
  const streams = lake.ofType('AWS::KinesisFirehose::DeliveryStream').filter(({ id, properties, stack }) => {
    const text = JSON.stringify(properties.ExtendedS3DestinationConfiguration?.ProcessingConfiguration ?? {});
    const [stackName, logicalId] = resource.id.split('/');
    return id.startsWith(`${stackName}/`) && stack.stackName === stackName && text.includes(`"${logicalId}"`);
  });
  if (streams.length === 0) return undefined;
  const months = streams.flatMap(({ id }) => traffic.streams.get(id) ?? []);
  return {
    calls: months.reduce((all, { transformCalls }) => all + transformCalls, 0),
    bytes: months.reduce((all, { bytes }) => all + bytes, 0),
    why: 'one a batch of the stream, by its buffer',
  };
}

/** Of a function that a rule calls by the clock, and by nothing else. */
function clockCalls(resource: LakeResource, { lake }: Use): Calls | undefined {
  const rules = lake.ofType('AWS::Events::Rule').filter((rule) => {
    const targets: readonly { readonly Arn?: unknown }[] = rule.properties.Targets ?? [];
    const isOn = rule.properties.ScheduleExpression !== undefined && rule.properties.State !== 'DISABLED';
    return isOn && targets.some(({ Arn: arn }) => lake.target(rule, arn) === resource.id);
  });
  if (rules.length === 0) return undefined;
  const calls = rules.reduce((all, { properties }) => all + runsPerMonth(properties.ScheduleExpression), 0);
  return { calls, bytes: 0, why: 'by the clock' };
}

function queueCalls(resource: LakeResource, use: Use): Calls | undefined {
  const queues = use.lake
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter((mapping) => use.lake.target(mapping, mapping.properties.FunctionName) === resource.id)
    .map((mapping) => use.lake.target(mapping, mapping.properties.EventSourceArn));
  const found = use.lake.ofType('AWS::SQS::Queue').filter(({ id }) => queues.includes(id));
  if (found.length === 0) return undefined;
  const months = found.map((queue) => queueMonth(queue, use));
  return {
    calls: months.reduce((all, { messages }) => all + messages, 0),
    bytes: months.reduce((all, { bytes }) => all + bytes, 0),
    why: 'one a message at most',
  };
}
