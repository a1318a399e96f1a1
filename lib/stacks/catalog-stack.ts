import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnDatabase, CfnDataQualityRuleset, type CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { datasets } from '../../datasets/index.ts';
import { databaseName } from '../athena-names.ts';
import { type CatalogTable, candidateTables, catalogTables, sharedTables } from '../catalog-tables.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LakeTable } from '../constructs/lake-table.ts';
import { LakeView } from '../constructs/lake-view.ts';
import { ZoneCrawlers } from '../constructs/zone-crawlers.ts';
import { curatedTables } from '../curated-tables.ts';
import { type DeployedView, deployedViews, ledgerViews } from '../deployed-views.ts';
import type { Environment } from '../environments.ts';
import { qualityRuleset } from '../quality-ruleset.ts';
import type { StorageStack } from './storage-stack.ts';

export interface CatalogStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
}

/** What is where: a database with a table a dataset and zone, from the contracts, and crawlers that doubt them. */
export class CatalogStack extends Stack {
  /** Name of the database with the contracts' tables and the views. */
  readonly databaseName: string;
  /** Name of the database with the curated tables as the next publication would have them, for its checks. */
  readonly candidateDatabaseName: string;
  /** Name of the database that the crawlers fill; nobody queries it. */
  readonly crawledDatabaseName: string;
  readonly tables: readonly CatalogTable[];
  readonly tableNames: readonly string[];
  /** Views, each behind those that it reads. */
  readonly views: readonly DeployedView[];
  readonly crawlers: ZoneCrawlers;
  /** Names of the rule sets of the curated tables, by table. */
  readonly rulesets: Readonly<Record<string, string>>;
  /** Looks after each crawl whether what lies in the lake is what the contracts say. */
  readonly compare: IFunction;
  /** Crawls whose end could not be told to `compare`. */
  readonly uncompared: IQueue;
  /** Of the metric `DriftedTables`. */
  readonly metricNamespace: string;
  readonly #storage: StorageStack;

  /** Names of the tables and views. */
  get relations(): string[] {
    return [...this.tableNames, ...this.views.map(({ name }) => name)];
  }

  constructor(scope: Construct, id: string, { environment, storage, ...props }: CatalogStackProps) {
    super(scope, id, props);
    this.#storage = storage;
    this.databaseName = databaseName(environment);
    this.candidateDatabaseName = `${this.databaseName}_candidate`;
    this.crawledDatabaseName = `${this.databaseName}_crawled`;
    const database = this.database('Database', this.databaseName, 'Tables derived from the contracts.');
    const candidate = this.database('CandidateDatabase', this.candidateDatabaseName, 'What is to be published next.');
    const crawled = this.database('CrawledDatabase', this.crawledDatabaseName, 'What the crawlers saw.');
    this.tables = [...datasets.flatMap(catalogTables), ...sharedTables];
    for (const table of this.tables) this.table(table, database);
    this.tableNames = this.tables.map(({ name }) => name);
    this.views = datasets.flatMap(({ name }) => deployedViews(name, this.tableNames));
    for (const view of this.views) {
      const { databaseName } = this;
      new LakeView(this, `view-${view.name}`, { ...view, database: databaseName }).addResourceDependency(database);
    }
    const candidates = new Map(datasets.flatMap(candidateTables).map((table) => [table.name, table]));
    for (const table of candidates.values()) this.table(table, candidate);
    for (const view of ledgerViews()) {
      const { candidateDatabaseName } = this;
      const made = new LakeView(this, `candidate-view-${view.name}`, { ...view, database: candidateDatabaseName });
      made.addResourceDependency(candidate);
    }
    this.rulesets = Object.fromEntries(datasets.flatMap((plan) => this.qualityRules(plan, candidate)));
    this.crawlers = new ZoneCrawlers(this, 'Crawlers', {
      environment,
      storage,
      namePrefix: this.databaseName,
      crawledDatabaseName: this.crawledDatabaseName,
    });
    this.crawlers.node.addDependency(crawled);
    this.metricNamespace = `Laketwin/${environment.name}`;
    const { key } = this.crawlers;
    this.uncompared = new DeadLetterQueue(this, 'Uncompared', { key, retain: environment.deletionProtection });
    this.letEvents(key);
    this.compare = this.comparison(environment);
  }

  private database(id: string, name: string, description: string): CfnDatabase {
    return new CfnDatabase(this, id, { catalogId: this.account, databaseInput: { name, description } });
  }

  private table({ zone, prefix, parameters, ...table }: CatalogTable, database: CfnDatabase): CfnTable {
    const { name: databaseName = '' } = database.databaseInput as CfnDatabase.DatabaseInputProperty;
    const location = `s3://${this.#storage.zones[zone].bucket.bucketName}/${prefix}`;
    const id = databaseName === this.databaseName ? table.name : `candidate-${table.name}`;
    const made = new LakeTable(this, id, {
      ...table,
      database: databaseName,
      location,
      parameters: parameters(location),
    });
    made.addResourceDependency(database);
    return made;
  }

  private comparison(environment: Environment): LakeFunction {
    const glue = `arn:${this.partition}:glue:${this.region}:${this.account}`;
    const databases = [this.databaseName, this.crawledDatabaseName];
    const compare = new LakeFunction(this, 'Compare', {
      environment,
      description: 'Compares what the crawlers saw with the contracts.',
      name: 'compare-catalog',
      key: this.crawlers.key,
      memoryMiB: 512,
      timeout: Duration.minutes(5),
      variables: { DATABASE: this.databaseName, CRAWLED_DATABASE: this.crawledDatabaseName },
      statements: [
        new PolicyStatement({
          actions: ['glue:GetTables'],
          resources: [
            `${glue}:catalog`,
            ...databases.flatMap((name) => [`${glue}:database/${name}`, `${glue}:table/${name}/*`]),
          ],
        }),
      ],
    });
    new Rule(this, 'Crawled', {
      description: 'A crawler is done.',
      eventPattern: {
        source: ['aws.glue'],
        detailType: ['Glue Crawler State Change'],
        detail: { state: ['Succeeded'], crawlerName: [...this.crawlers.names] },
      },
      targets: [new LambdaFunction(compare, { retryAttempts: 3, deadLetterQueue: this.uncompared })],
    });
    new MetricFilter(compare.logGroup, 'DriftedTables', {
      logGroup: compare.logGroup,
      metricNamespace: this.metricNamespace,
      metricName: 'DriftedTables',
      filterPattern: FilterPattern.exists('$.driftedTables'),
      metricValue: '$.driftedTables',
    });
    return compare;
  }

  /** EventBridge seals what it lays into the queue. */
  private letEvents(key: IKey) {
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
  }

  /** Rules over the columns that the curated table keeps, run on what is to be published. */
  private qualityRules(plan: DatasetPlan, database: CfnDatabase): [table: string, ruleset: string][] {
    return curatedTables(plan).map((table) => {
      const name = `${this.databaseName}_${table.name}`;
      const ruleset = new CfnDataQualityRuleset(this, `${table.name}-quality`, {
        name,
        description: `What the contract and the checks of ${plan.name} promise of one table.`,
        ruleset: qualityRuleset(plan, table),
        targetTable: { databaseName: this.candidateDatabaseName, tableName: table.name },
      });
      ruleset.addResourceDependency(database);
      return [table.name, name];
    });
  }
}
