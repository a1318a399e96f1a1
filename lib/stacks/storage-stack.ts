import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IBucket, type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { REPORTS_PREFIX } from '../../core/dashboards/scheduled-reports.ts';
import { DELIVERED } from '../../core/lake/keys.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import { ZONES, type Zone } from '../../core/ports.ts';
import { datasets } from '../../datasets/index.ts';
import { WORK_GROUPS } from '../athena-names.ts';
import { LakeBucket } from '../constructs/lake-bucket.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { ObjectQueue } from '../constructs/object-queue.ts';
import { curatedTables } from '../curated-tables.ts';
import type { Environment } from '../environments.ts';

export interface StorageStackProps extends StackProps {
  readonly environment: Environment;
}

/** A bucket and the key that encrypts it. */
export interface Store {
  readonly bucket: IBucket;
  readonly key: IKey;
}

/**
 * Where everything lies: a bucket and a key for each zone, for archives and for query results;
 * access logs; and the queues of new files in the raw zone and of the streams.
 */
export class StorageStack extends Stack {
  readonly zones: Readonly<Record<Zone, Store>>;
  /** What someone sets aside beyond its retention, in the colder storage. */
  readonly archives: Store;
  readonly queryResults: Store;
  readonly accessLogs: IBucket;
  /** A message for each file that came into the raw zone; records of the stream are no such file. */
  readonly rawObjects: ObjectQueue;
  /** A message for each file that a stream delivered to the processed zone; none without streaming. */
  readonly deliveredFiles: ObjectQueue | undefined;

  constructor(scope: Construct, id: string, { environment, ...props }: StorageStackProps) {
    super(scope, id, props);
    const { retention, deletionProtection: retain } = environment;
    const { oldVersionDays } = retention;
    this.accessLogs = new LakeBucket(this, 'AccessLogs', {
      retain,
      oldVersionDays,
      lifecycleRules: [expiry('access-logs', retention.accessLogDays)],
    });
    const store = (name: string, description: string, lifecycleRules: readonly LifecycleRule[]): Store => {
      const key = new LakeKey(this, `${name}Key`, { description, retain });
      const { accessLogs } = this;
      return { key, bucket: new LakeBucket(this, name, { key, accessLogs, retain, oldVersionDays, lifecycleRules }) };
    };
    const zones: Partial<Record<Zone, Store>> = {};
    for (const zone of ZONES) {
      zones[zone] = store(capitalised(zone), `Encrypts the ${zone} zone.`, datasets.flatMap(EXPIRY[zone]));
    }
    this.zones = zones as Record<Zone, Store>;
    this.rawObjects = new ObjectQueue(this, 'RawObjects', {
      bucket: this.zones.raw.bucket,
      prefixes: datasets.map(({ name }) => `${name}/`),
      tryDuration: Duration.minutes(15),
      retain,
    });
    this.deliveredFiles = environment.streaming ? this.queueOfStreams(retain) : undefined;
    new CfnOutput(this, 'RawBucket', { description: 'Where files are put.', value: this.zones.raw.bucket.bucketName });
    this.archives = store('Archives', 'Encrypts the archives.', [COOLING]);
    this.queryResults = store('QueryResults', 'Encrypts the results of Athena queries, and reports.', [
      ...WORK_GROUPS.map((name) => expiry(`${name}-results`, retention.queryResultDays, `${name}/`)),
      ...(environment.reports ? [expiry('reports', environment.reports.keptDays, `${REPORTS_PREFIX}/`)] : []),
    ]);
  }

  private queueOfStreams(retain: boolean): ObjectQueue {
    return new ObjectQueue(this, 'DeliveredFiles', {
      bucket: this.zones.processed.bucket,
      prefixes: datasets.map(({ name }) => `${name}/`),
      suffix: DELIVERED,
      tryDuration: Duration.minutes(5),
      retain,
    });
  }
}

const FRAMES_DAYS = 7;

/** The ledger has no rule: it is what remains to tell that a row was there. */
const EXPIRY: Readonly<Record<Zone, (plan: DatasetPlan) => LifecycleRule[]>> = {
  raw: ({ name, retention }) => [
    expiry(`${name}-files`, retention.rawDays, `${name}/`),
    expiry(`${name}-records`, retention.rawDays, `_stream/${name}/`),
    // They are removed once they are read; these are of a run that nobody mended.
    expiry(`${name}-frames`, FRAMES_DAYS, `_frames/${name}/`),
  ],
  processed: ({ name, retention }) => [
    expiry(`${name}-rows`, retention.processedDays, `${name}/`),
    expiry(`${name}-errors`, rejectionsPlan.retention.processedDays, `_errors/${name}/`),
  ],
  curated: (plan) =>
    curatedTables(plan).map(({ name }) => expiry(`${name}-rows`, plan.retention.processedDays, `${name}/`)),
  rejected: ({ name }) => [expiry(`${name}-rejections`, rejectionsPlan.retention.processedDays, `${name}/`)],
};

const COOLING: LifecycleRule = {
  id: 'cooling',
  transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) }],
};

function expiry(id: string, days: number, prefix?: string): LifecycleRule {
  return { id, expiration: Duration.days(days), ...(prefix !== undefined && { prefix }) };
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
