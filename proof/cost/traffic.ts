/** What a month of the given volumes does in a lake: bytes and requests by bucket, messages by queue, calls. */
import type { LakeResource, LakeResources } from './lake-resources.ts';
import { DAYS, GB, HOURS, MIB } from './month.ts';
import type { Volumes } from './volumes.ts';

/** One month of one bucket. */
export interface BucketMonth {
  /** New bytes. */
  readonly bytes: number;
  /** Requests that write or list. */
  readonly puts: number;
  readonly gets: number;
  /** Objects that other services take notice of: a message each. */
  readonly messages: number;
  /** Bytes of those objects. */
  readonly messageBytes: number;
}

/** One month of one delivery stream. */
export interface StreamMonth {
  readonly rows: number;
  readonly bytes: number;
  readonly records: number;
  /** Bytes as they are billed: each record in steps of 5 KB. */
  readonly billedBytes: number;
  /** Bytes billed if each row were a record. */
  readonly unpackedBytes: number;
  /** Objects delivered, and objects of the backup of what came in. */
  readonly deliveries: number;
  readonly backups: number;
  readonly transformCalls: number;
}

export interface Traffic {
  readonly fileBytes: number;
  readonly files: number;
  /** Each stream's month; the streamed rows are shared evenly. */
  readonly streams: ReadonlyMap<string, StreamMonth>;
  /** None where nothing tells what the bucket is for. */
  bucket(bucket: LakeResource): BucketMonth | undefined;
}

const STEP = 5 * 1024;
/** S3 clients send larger files in parts of this size, each part a request. */
const PART_BYTES = 8 * MIB;
const NO_STREAM: StreamMonth = {
  rows: 0,
  bytes: 0,
  records: 0,
  billedBytes: 0,
  unpackedBytes: 0,
  deliveries: 0,
  backups: 0,
  transformCalls: 0,
};

export function trafficOf(lake: LakeResources, volumes: Volumes): Traffic {
  const streams = lake.ofType('AWS::KinesisFirehose::DeliveryStream');
  const months = new Map(streams.map((stream) => [stream.id, streamMonth(stream, volumes, streams.length)]));
  const fileRows = volumes.rowsPerDay * (1 - (streams.length === 0 ? 0 : volumes.streamShare)) * DAYS;
  const fileBytes = fileRows * volumes.bytesPerRow;
  const files = fileBytes === 0 ? 0 : Math.max(1, volumes.filesPerDay) * DAYS;
  const all = buckets(volumes, { bytes: fileBytes, files }, [...months.values()].reduce(sum, NO_STREAM));
  return { fileBytes, files, streams: months, bucket: (bucket) => all[purposeOf(bucket, lake)] };
}

/** By which resource a bucket is named as its own, and where: what it is for, whatever it is called. */
const NAMED_BY: Readonly<
  Record<string, readonly [type: string, value: (properties: LakeResource['properties']) => unknown]>
> = {
  Audit: ['AWS::CloudTrail::Trail', ({ S3BucketName: name }) => name],
  AccessLogs: ['AWS::S3::Bucket', ({ LoggingConfiguration: logging }) => logging?.DestinationBucketName],
  QueryResults: [
    'AWS::Athena::WorkGroup',
    ({ WorkGroupConfiguration: group }) => group?.ResultConfiguration?.OutputLocation,
  ],
};

function purposeOf(bucket: LakeResource, lake: LakeResources): string {
  const found = Object.entries(NAMED_BY).find(([, [type, value]]) =>
    lake.ofType(type).some((other) => lake.target(other, value(other.properties)) === bucket.id),
  );
  return found?.[0] ?? bucket.name;
}

function streamMonth({ properties }: LakeResource, volumes: Volumes, streams: number): StreamMonth {
  const rows = (volumes.rowsPerDay * volumes.streamShare * DAYS) / streams;
  if (rows === 0) return NO_STREAM;
  const bytes = rows * volumes.bytesPerRow;
  const full = Math.floor(rows / volumes.rowsPerRecord);
  const last = rows - full * volumes.rowsPerRecord;
  const target = properties.ExtendedS3DestinationConfiguration ?? {};
  const objects = (hints: Hints | undefined, share: number) => deliveriesOf(hints, bytes * share, volumes);
  return {
    rows,
    bytes,
    records: full + Math.ceil(last / volumes.rowsPerRecord),
    billedBytes: full * steps(volumes.bytesPerRow * volumes.rowsPerRecord) + steps(volumes.bytesPerRow * last),
    unpackedBytes: rows * steps(volumes.bytesPerRow),
    deliveries: objects(target.BufferingHints, 1),
    // Firehose fills its buffer before it compresses.
    backups: target.S3BackupMode === 'Enabled' ? objects(target.S3BackupConfiguration?.BufferingHints, 1) : 0,
    transformCalls: transformCalls(target, bytes, volumes),
  };
}

function steps(bytes: number): number {
  return Math.ceil(bytes / STEP) * STEP;
}

interface Hints {
  readonly IntervalInSeconds?: number;
  readonly SizeInMBs?: number;
}

/** A delivery when the buffer is full or its time is over, whichever comes first. */
function deliveriesOf(hints: Hints | undefined, bytes: number, { streamHoursPerDay }: Volumes): number {
  const { IntervalInSeconds: seconds = 300, SizeInMBs: size = 5 } = hints ?? {};
  const byTime = (streamHoursPerDay * 3600 * DAYS) / Math.max(1, seconds);
  return Math.ceil(Math.max(bytes / (size * MIB), byTime));
}

interface Processor {
  readonly Type?: string;
  readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: unknown }[];
}

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
function transformCalls({ ProcessingConfiguration: processing }: any, bytes: number, volumes: Volumes): number {
  const lambda = processing?.Processors?.find(({ Type: type }: Processor) => type === 'Lambda') as
    | Processor
    | undefined;
  if (processing?.Enabled !== true || lambda === undefined) return 0;
  const value = (name: string, other: number) =>
    Number(lambda.Parameters?.find(({ ParameterName }) => ParameterName === name)?.ParameterValue ?? other);
  const hints = { SizeInMBs: value('BufferSizeInMBs', 1), IntervalInSeconds: value('BufferIntervalInSeconds', 60) };
  return deliveriesOf(hints, bytes, volumes);
}

function sum(one: StreamMonth, other: StreamMonth): StreamMonth {
  const keys = Object.keys(one) as (keyof StreamMonth)[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as unknown as StreamMonth;
}

interface Files {
  readonly bytes: number;
  readonly files: number;
}

/** What each bucket of the lake sees; how a file or a delivery passes through is told in docs/cost.md. */
function buckets(
  volumes: Volumes,
  { bytes, files }: Files,
  stream: StreamMonth,
): Readonly<Record<string, BucketMonth>> {
  const { sizes, curation } = volumes;
  const arrived = bytes + stream.bytes;
  const parts = files === 0 ? 0 : Math.ceil(bytes / files / PART_BYTES);
  const perFile = parts > 1 ? parts + 2 : parts;
  const queries = Object.values(volumes.queries);
  const asked = queries.reduce((all, { perDay }) => all + perDay * DAYS, 0);
  const read = queries.reduce((all, { perDay, filesRead }) => all + perDay * DAYS * filesRead, 0);
  const units = files + stream.deliveries;
  const rowsPerUnit = units === 0 ? 0 : (volumes.rowsPerDay * DAYS) / units;
  const refused = Math.ceil(units * Math.min(1, sizes.rejectedShare * rowsPerUnit));
  const curations = curation.runsPerDay * DAYS;
  const zones = {
    Raw: month(bytes + stream.bytes * sizes.backupShare, files * perFile + stream.backups, files * parts, files, bytes),
    // A Parquet file and the ledger's entry of it; curating reads both.
    Processed: month(
      arrived * sizes.processedShare,
      units * 2,
      units * 2,
      stream.deliveries,
      stream.bytes * sizes.processedShare,
    ),
    Curated: month(arrived * sizes.curatedShare, Math.ceil(curations * (curation.filesPerRun + 1)), read),
    Rejected: month(arrived * sizes.rejectedShare, refused, 0),
    // A result and its description.
    QueryResults: month(asked * MIB, asked * 2, asked),
    Archives: month(volumes.archives.gigabytesPerMonth * GB, volumes.archives.filesPerMonth, 0),
    // CloudTrail writes every five minutes, and a digest every hour.
    Audit: month(HOURS * 12 * 10 * 1024, HOURS * 13, 0),
  };
  const requests = Object.values(zones).reduce((all, { puts, gets }) => all + puts + gets, 0);
  return { ...zones, AccessLogs: month(requests * 600, 0, 0) };
}

function month(bytes: number, puts: number, gets: number, messages = 0, messageBytes = 0): BucketMonth {
  return { bytes, puts: Math.ceil(puts), gets: Math.ceil(gets), messages, messageBytes };
}

/** Bytes kept, in GB: a month's bytes for as many months as the lake is old, or as its rules keep them. */
export function gbKept(bytes: number, days: number | undefined, { ageMonths }: Volumes): number {
  return (bytes / GB) * Math.min(ageMonths, days === undefined ? ageMonths : days / DAYS);
}
