import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { jobDefinition } from '../../core/contract/job-definition.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type CuratedSql, curatedSql, plainCuratedSql } from '../../core/lake/curated-sql.ts';
import { candidatePrefix } from '../../core/lake/keys.ts';
import { datasets } from '../../datasets/index.ts';
import { candidateTables } from '../catalog-tables.ts';
import { convertLargeJob } from '../constructs/convert-large-job.ts';
import { jsonAsset } from '../constructs/json-asset.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { LakeMachine } from '../constructs/lake-machine.ts';
import { SparkJob } from '../constructs/spark-job.ts';
import { dataSetId, dataSetIds } from '../data-sets.ts';
import type { Environment } from '../environments.ts';
import { curationMachine } from '../machines/curation.ts';
import { machineChecks } from '../machines/machine-checks.ts';
import { sqlFiles } from '../sql-files.ts';
import {
  askStatements,
  findStatement,
  listStatement,
  locateStatement,
  readStatement,
  removeStatement,
  writeStatement,
} from '../statements.ts';
import type { AlertsStack } from './alerts-stack.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { IngestionStack } from './ingestion-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ProcessingStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly ingestion: IngestionStack;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
  readonly alerts: AlertsStack;
}

/** What brings the curated tables of a dataset up to its ledger. */
export interface CurationOfDataset {
  readonly dataset: string;
  readonly machineArn: string;
  readonly jobName: string;
  /** Of the job that reads what is too large for the convert function. */
  readonly convertJobName: string;
  /** What the timetable could not start. */
  readonly unstarted: IQueue;
  readonly functions: Readonly<Record<'plan' | 'stage' | 'publish' | 'record', IFunction>>;
}

/** How curated tables are made: for each dataset a Spark job, its functions and the machine that drives them. */
export class ProcessingStack extends Stack {
  readonly curations: readonly CurationOfDataset[];
  readonly #props: ProcessingStackProps;
  readonly #key: LakeKey;

  constructor(scope: Construct, id: string, props: ProcessingStackProps) {
    const { environment, storage: _s, ingestion: _i, catalog: _c, analytics: _a, alerts: _t, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#props = props;
    this.#key = new LakeKey(this, 'Key', {
      description: 'Encrypts jobs, machines, their functions and their logs.',
      retain: environment.deletionProtection,
    });
    this.#key.letLogs();
    this.curations = datasets.map((plan) => this.curation(plan));
  }

  private curation(plan: DatasetPlan): CurationOfDataset {
    const curated = curatedSqlOf(plan);
    const jobName = this.curateJob(plan, curated);
    const convertJobName = this.convertJob(plan);
    const functions = this.functions(plan, curated);
    const { environment, ingestion, catalog, analytics, alerts } = this.#props;
    const machine = new LakeMachine(this, `${plan.name}-curation`, {
      environment,
      name: `laketwin-${environment.name}-${plan.name}`,
      description: `Drives the curation of ${plan.name}.`,
      key: this.#key,
      definition: (machineArn) =>
        curationMachine({
          dataset: plan.name,
          machineArn,
          planFunction: functions.plan.functionArn,
          stageFunction: functions.stage.functionArn,
          publishFunction: functions.publish.functionArn,
          reprocessFunction: ingestion.reprocess.functionArn,
          takeLargeFunction: ingestion.takeLarge.functionArn,
          recordFunction: functions.record.functionArn,
          convertJob: convertJobName,
          curateJob: jobName,
          workGroup: analytics.workGroups.pipelines,
          candidateDatabase: catalog.candidateDatabaseName,
          topicArn: alerts.topic.topicArn,
          checks: machineChecks(plan),
          dataSets: dataSetIds(environment),
          account: this.account,
        }),
      statements: [...this.calling(functions, [jobName, convertJobName]), ...this.asking(plan), ...this.refreshing()],
      schedules: { 'new-files': 'rate(2 hours)', nightly: 'cron(30 2 * * ? *)' },
    });
    const { machineArn, unstarted } = machine;
    return { dataset: plan.name, machineArn, jobName, convertJobName, unstarted, functions };
  }

  private curateJob(plan: DatasetPlan, curated: readonly CuratedSql[]): string {
    const { environment, storage } = this.#props;
    const { processed, curated: zone } = storage.zones;
    const tables = curated.map(({ table }) => table);
    const definition = jsonAsset(this, `${plan.name}-definition`, jobDefinition(plan, curated));
    const s3 = (bucket: string) => `s3://${bucket}`;
    const job = new SparkJob(this, `${plan.name}-curate`, {
      environment,
      name: `laketwin-${environment.name}-${plan.name}-curate`,
      description: `Settles the rows of ${plan.name} and writes its curated tables.`,
      script: 'curate.py',
      key: this.#key,
      dataKey: zone.key,
      assets: [definition],
      arguments: {
        '--definition': definition.s3ObjectUrl,
        '--processed': s3(processed.bucket.bucketName),
        '--curated': s3(zone.bucket.bucketName),
      },
      statements: [
        findStatement([processed, zone]),
        locateStatement([processed, zone]),
        ...readStatement(processed, [plan.name]),
        ...readStatement(zone, ['_runs', ...tables]),
        ...writeStatement(zone, ['_runs', ...tables]),
        // What a killed run has left, and drafts.
        removeStatement(zone, ['_runs', ...tables]),
      ],
    });
    return job.name;
  }

  private convertJob(plan: DatasetPlan): string {
    const { environment, storage, ingestion } = this.#props;
    const key = this.#key;
    return convertLargeJob(this, `${plan.name}-convert-large`, { environment, plan, storage, ingestion, key }).name;
  }

  private functions(plan: DatasetPlan, curated: readonly CuratedSql[]): CurationOfDataset['functions'] {
    const { zones } = this.#props.storage;
    const tables = curated.map(({ table }) => table);
    const lists = [...tables, `processed_${plan.name}`, `rejected_${plan.name}`, 'ledger_entries'];
    const documents = ['_runs', ...tables.map((table) => `_manifests/${table}`)];
    const published = tables.map((table) => `published/${table}`);
    const candidates = lists.map((name) => candidatePrefix(name).replace(/\/$/, ''));
    const common = {
      environment: this.#props.environment,
      key: this.#key,
      memoryMiB: 1024,
      timeout: Duration.minutes(15),
    };
    const variables = this.variables();
    return {
      plan: new LakeFunction(this, `${plan.name}-plan`, {
        ...common,
        description: `Finds out what a run has to do for ${plan.name}.`,
        name: 'plan-curation',
        variables: {
          ...variables,
          DATASET: plan.name,
          FINGERPRINTS: JSON.stringify(
            Object.fromEntries(curated.map(({ table, fingerprint }) => [table, fingerprint])),
          ),
        },
        statements: [
          findStatement([zones.processed, zones.curated]),
          ...readStatement(zones.processed, [`ledger/${plan.name}`]),
          ...readStatement(zones.curated, documents),
          ...writeStatement(zones.curated, ['_runs', ...published, ...candidates]),
        ],
      }),
      stage: new LakeFunction(this, `${plan.name}-stage`, {
        ...common,
        description: `Puts together what the curated tables of ${plan.name} would be after a run.`,
        name: 'stage',
        variables,
        statements: [
          findStatement([zones.curated]),
          ...readStatement(zones.curated, documents),
          ...writeStatement(zones.curated, ['_runs', ...candidates]),
        ],
      }),
      publish: new LakeFunction(this, `${plan.name}-publish`, {
        ...common,
        description: `Publishes the curated tables of ${plan.name} where no promise is broken.`,
        name: 'publish',
        variables,
        statements: [
          findStatement([zones.curated]),
          ...readStatement(zones.curated, documents),
          ...writeStatement(zones.curated, [...documents, ...published, `checks/${plan.name}`]),
          removeStatement(zones.curated, [...tables, ...tables.map((table) => `_manifests/${table}`)]),
        ],
      }),
      record: new LakeFunction(this, `${plan.name}-record`, {
        ...common,
        description: `Keeps what each run of ${plan.name} did.`,
        name: 'record-run',
        timeout: Duration.minutes(1),
        variables: { ...variables, DATASET: plan.name },
        statements: [
          findStatement([zones.curated]),
          ...readStatement(zones.curated, ['_runs']),
          ...writeStatement(zones.curated, [`runs/${plan.name}`]),
        ],
      }),
    };
  }

  private variables() {
    const { raw, processed, curated, rejected } = this.#props.storage.zones;
    return {
      RAW_BUCKET: raw.bucket.bucketName,
      PROCESSED_BUCKET: processed.bucket.bucketName,
      CURATED_BUCKET: curated.bucket.bucketName,
      REJECTED_BUCKET: rejected.bucket.bucketName,
    };
  }

  /** The functions, the jobs and the topic. */
  private calling(functions: CurationOfDataset['functions'], jobNames: readonly string[]): PolicyStatement[] {
    const { alerts, ingestion } = this.#props;
    const { topic, key } = alerts;
    return [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [...Object.values(functions), ingestion.reprocess, ingestion.takeLarge].map(
          ({ functionArn }) => functionArn,
        ),
      }),
      new PolicyStatement({
        actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
        resources: jobNames.map((name) => `arn:${this.partition}:glue:${this.region}:${this.account}:job/${name}`),
      }),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
    ];
  }

  /** Athena asks with the rights of the machine. */
  private asking(plan: DatasetPlan): PolicyStatement[] {
    const { storage, catalog, analytics } = this.#props;
    const { zones, queryResults } = storage;
    const tables = candidateTables(plan).map(({ name }) => name);
    const lists = tables.map((name) => candidatePrefix(name).replace(/\/$/, ''));
    const curated = curatedSqlOf(plan).map(({ table }) => table);
    return [
      ...askStatements(this, {
        workGroup: analytics.workGroups.pipelines,
        database: catalog.candidateDatabaseName,
        relations: [...tables, 'ledger', 'ledger_reasons'],
      }),
      locateStatement([zones.processed, zones.rejected, zones.curated, queryResults]),
      listStatement(zones.processed, [plan.name]),
      listStatement(zones.rejected, [plan.name]),
      listStatement(zones.curated, [...curated, ...lists]),
      listStatement(queryResults, ['pipelines']),
      ...readStatement(zones.processed, [plan.name]),
      ...readStatement(zones.rejected, [plan.name]),
      ...readStatement(zones.curated, [...curated, ...lists]),
      ...readStatement(queryResults, ['pipelines']),
      ...writeStatement(queryResults, ['pipelines']),
    ];
  }

  private refreshing(): PolicyStatement[] {
    const { environment } = this.#props;
    if (dataSetIds(environment).length === 0) return [];
    const sets = `arn:${this.partition}:quicksight:${this.region}:${this.account}:dataset`;
    return [
      new PolicyStatement({
        actions: ['quicksight:CreateIngestion'],
        // One by one, the data sets of this lake would not fit into the policy.
        resources: [`${sets}/${dataSetId(environment, '*')}/ingestion/*`],
      }),
    ];
  }
}

function curatedSqlOf(plan: DatasetPlan): CuratedSql[] {
  const files = sqlFiles(plan.name, 'curated');
  if (files.length === 0) return [plainCuratedSql(plan)];
  return files.map(({ name, sql }) => curatedSql(plan, name, sql));
}
