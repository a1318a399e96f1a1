import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  CfnCrawler,
  CfnDatabase,
  CfnDataQualityRuleset,
  CfnSecurityConfiguration,
  CfnTable,
} from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type GlueColumn, glueColumns, glueParameters, gluePartitionKeys } from '../../core/contract/glue-columns.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { qualityDqdl } from '../../core/contract/quality-dqdl.ts';
import { rejectionsPlan } from '../../core/lake/rejections.ts';
import { datasets } from '../../datasets/index.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { curatedTables } from '../curated-tables.ts';
import type { Environment } from '../environments.ts';
import { listStatement, readStatement } from '../statements.ts';
import type { StorageStack, Store } from './storage-stack.ts';

export interface CatalogStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
}

/** The zones that a crawler looks over, to be compared with the contracts. */
const CRAWLED = { Raw: 'raw', Curated: 'curated' } as const;
type Crawled = keyof typeof CRAWLED;

/** What is where: a database with a table a dataset and zone, from the contracts, and crawlers that doubt them. */
export class CatalogStack extends Stack {
  /** Name of the database with the contracts' tables. */
  readonly databaseName: string;
  /** Name of the database that the crawlers fill; nobody queries it. */
  readonly crawledDatabaseName: string;
  /** Names of the tables. */
  readonly tableNames: readonly string[];
  readonly crawlerNames: readonly string[];

  constructor(scope: Construct, id: string, { environment, storage, ...props }: CatalogStackProps) {
    super(scope, id, props);
    this.databaseName = `laketwin_${environment.name}`;
    this.crawledDatabaseName = `${this.databaseName}_crawled`;
    const database = this.database('Database', this.databaseName, 'Tables derived from the contracts.');
    const crawled = this.database('CrawledDatabase', this.crawledDatabaseName, 'What the crawlers saw.');
    const tables: CfnTable[] = [];
    for (const dataset of datasets) {
      for (const table of tablesOf(dataset, storage)) tables.push(this.table(table));
      new CfnDataQualityRuleset(this, `${dataset.name}-quality`, {
        name: `${this.databaseName}_${dataset.name}`,
        description: `What the contract of ${dataset.name} promises.`,
        ruleset: qualityDqdl(dataset),
        targetTable: { databaseName: this.databaseName, tableName: dataset.name },
      }).node.addDependency(...tables);
    }
    for (const table of tables) table.addResourceDependency(database);
    this.tableNames = tables.map(({ tableInput }) => (tableInput as CfnTable.TableInputProperty).name ?? '');
    this.crawlerNames = this.crawlers(environment, storage, crawled);
  }

  private database(id: string, name: string, description: string): CfnDatabase {
    return new CfnDatabase(this, id, { catalogId: this.account, databaseInput: { name, description } });
  }

  private table({ name, description, store, prefix, plan, columns }: TableSource): CfnTable {
    const location = `s3://${store.bucket.bucketName}/${prefix}`;
    return new CfnTable(this, name, {
      catalogId: this.account,
      databaseName: this.databaseName,
      tableInput: {
        name,
        description,
        tableType: 'EXTERNAL_TABLE',
        parameters: glueParameters(plan, location),
        partitionKeys: gluePartitionKeys(plan),
        storageDescriptor: {
          location,
          columns: [...columns],
          compressed: true,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            parameters: { 'serialization.format': '1' },
          },
        },
      },
    });
  }

  private crawlers(environment: Environment, storage: StorageStack, crawled: CfnDatabase): string[] {
    const key = new LakeKey(this, 'CrawlerLogsKey', {
      description: 'Encrypts the logs of the crawlers.',
      retain: environment.deletionProtection,
    });
    const logGroup = `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:/aws-glue/*`;
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroup } },
      }),
    );
    const security = new CfnSecurityConfiguration(this, 'CrawlerSecurity', {
      name: `${this.databaseName}-crawlers`,
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: storage.zones.curated.key.keyArn }],
      },
    });
    const names: string[] = [];
    for (const id of Object.keys(CRAWLED) as Crawled[]) {
      const zone = CRAWLED[id];
      const { bucket } = storage.zones[zone];
      const crawler = new CfnCrawler(this, `${id}Crawler`, {
        name: `${this.databaseName}-${zone}`,
        description: `Says what lies in the ${zone} zone, whatever the contracts say.`,
        role: this.crawlerRole(id, storage.zones[zone], logGroup).roleArn,
        databaseName: this.crawledDatabaseName,
        tablePrefix: `${zone}_`,
        schedule: { scheduleExpression: 'cron(30 3 * * ? *)' },
        targets: {
          s3Targets: datasets.map(({ name }) => ({ path: `s3://${bucket.bucketName}/${name}/`, sampleSize: 10 })),
        },
        schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
        recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
        configuration: JSON.stringify({ Version: 1, Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' } }),
        crawlerSecurityConfiguration: security.name,
      });
      crawler.addResourceDependency(security);
      crawler.addResourceDependency(crawled);
      names.push(`${this.databaseName}-${zone}`);
    }
    return names;
  }

  private crawlerRole(id: Crawled, store: Store, logGroup: string): Role {
    const zone = CRAWLED[id];
    const role = new Role(this, `${id}CrawlerRole`, {
      description: `The crawler over ${zone}: reads it, and writes what it saw into its own database.`,
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const glue = `arn:${this.partition}:glue:${this.region}:${this.account}`;
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
        resources: [
          `${glue}:catalog`,
          `${glue}:database/${this.crawledDatabaseName}`,
          `${glue}:table/${this.crawledDatabaseName}/${zone}_*`,
        ],
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

interface TableSource {
  readonly name: string;
  readonly description: string;
  readonly store: Store;
  readonly prefix: string;
  /** Gives the partition and how far back it goes. */
  readonly plan: DatasetPlan;
  readonly columns: readonly GlueColumn[];
}

/** The raw zone has none: its files are as they came, and only the crawler says what that is. */
function tablesOf(plan: DatasetPlan, { zones }: StorageStack): TableSource[] {
  const { name, description } = plan;
  return [
    { name: `processed_${name}`, description, store: zones.processed, prefix: name, plan, columns: glueColumns(plan) },
    {
      name: `rejected_${name}`,
      description: rejectionsPlan.description,
      store: zones.rejected,
      prefix: name,
      plan: rejectionsPlan,
      columns: glueColumns(rejectionsPlan),
    },
    ...curatedTables(plan).map((table) => ({
      name: table.name,
      description: `Curated: ${description}`,
      store: zones.curated,
      prefix: table.name,
      plan,
      columns: table.columns,
    })),
  ];
}
