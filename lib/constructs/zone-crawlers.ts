import { Stack } from 'aws-cdk-lib';
import { CfnCrawler, CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { datasets } from '../../datasets/index.ts';
import type { Environment } from '../environments.ts';
import type { StorageStack, Store } from '../stacks/storage-stack.ts';
import { listStatement, readStatement } from '../statements.ts';
import { LakeKey } from './lake-key.ts';

export interface ZoneCrawlersProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  /** Beginning of the crawlers' names. */
  readonly namePrefix: string;
  /** Where they write what they saw. */
  readonly crawledDatabaseName: string;
}

/** The zones that a crawler looks over, to be compared with the contracts. */
export const CRAWLED = { Raw: 'raw', Curated: 'curated' } as const;
type Crawled = keyof typeof CRAWLED;

/** Crawlers over raw and curated: nobody queries what they see, it is compared with the contracts. */
export class ZoneCrawlers extends Construct {
  readonly names: readonly string[];
  /** Encrypts their logs, and those of who compares what they saw. */
  readonly key: LakeKey;

  constructor(
    scope: Construct,
    id: string,
    { environment, storage, namePrefix, crawledDatabaseName }: ZoneCrawlersProps,
  ) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const logGroup = `arn:${partition}:logs:${region}:${account}:log-group:/aws-glue/*`;
    const key = new LakeKey(this, 'LogsKey', {
      description: 'Encrypts the logs of the crawlers.',
      retain: environment.deletionProtection,
    });
    key.letLogs();
    this.key = key;
    const security = new CfnSecurityConfiguration(this, 'Security', {
      name: `${namePrefix}-crawlers`,
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: storage.zones.curated.key.keyArn }],
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: key.keyArn },
      },
    });
    this.names = (Object.keys(CRAWLED) as Crawled[]).map((crawled) => {
      const zone = CRAWLED[crawled];
      const { bucket } = storage.zones[zone];
      const name = `${namePrefix}-${zone}`;
      const crawler = new CfnCrawler(this, crawled, {
        name,
        description: `Says what lies in the ${zone} zone, whatever the contracts say.`,
        role: this.role(crawled, storage.zones[zone], crawledDatabaseName, logGroup).roleArn,
        databaseName: crawledDatabaseName,
        tablePrefix: `${zone}_`,
        schedule: { scheduleExpression: 'cron(30 3 * * ? *)' },
        targets: {
          s3Targets: datasets.map((plan) => ({ path: `s3://${bucket.bucketName}/${plan.name}/`, sampleSize: 10 })),
        },
        schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
        recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
        configuration: JSON.stringify({ Version: 1, Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' } }),
        crawlerSecurityConfiguration: security.name,
      });
      crawler.addResourceDependency(security);
      return name;
    });
  }

  private role(id: Crawled, store: Store, database: string, logGroup: string): Role {
    const zone = CRAWLED[id];
    const { account, partition, region } = Stack.of(this);
    const role = new Role(this, `${id}Role`, {
      description: `The crawler over ${zone}: reads it, and writes what it saw into its own database.`,
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    const glue = `arn:${partition}:glue:${region}:${account}`;
    const statements = [
      listStatement(
        store,
        datasets.map(({ name }) => name),
      ),
      ...readStatement(
        store,
        datasets.map(({ name }) => name),
      ),
      new PolicyStatement({
        actions: [
          'glue:GetDatabase',
          'glue:GetTable',
          'glue:CreateTable',
          'glue:UpdateTable',
          'glue:GetPartition',
          'glue:GetPartitions',
          'glue:BatchGetPartition',
          'glue:BatchCreatePartition',
          'glue:UpdatePartition',
        ],
        resources: [`${glue}:catalog`, `${glue}:database/${database}`, `${glue}:table/${database}/${zone}_*`],
      }),
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
        resources: [logGroup],
      }),
      new PolicyStatement({
        actions: ['glue:GetSecurityConfiguration'],
        resources: ['*'],
      }),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }
}
