import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { datasets } from '../../datasets/index.ts';
import { scanLimitBytes, WORK_GROUPS, type WorkGroupName, workGroupName } from '../athena-names.ts';
import type { Environment } from '../environments.ts';
import { runnable, sqlFiles, withDefaults } from '../sql-files.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface AnalyticsStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
}

/** How the lake is asked: a workgroup each for people, dashboards and pipelines, and the queries of `sql/`. */
export class AnalyticsStack extends Stack {
  /** Names of the workgroups in Athena. */
  readonly workGroups: Readonly<Record<WorkGroupName, string>>;

  constructor(scope: Construct, id: string, { environment, storage, catalog, ...props }: AnalyticsStackProps) {
    super(scope, id, props);
    const { queryResults } = storage;
    const names: Partial<Record<WorkGroupName, string>> = {};
    const groups: CfnWorkGroup[] = [];
    for (const name of WORK_GROUPS) {
      const group = new CfnWorkGroup(this, name, {
        name: workGroupName(environment, name),
        description: `Queries of the ${name} of the ${environment.name} lake.`,
        state: 'ENABLED',
        recursiveDeleteOption: !environment.deletionProtection,
        workGroupConfiguration: {
          enforceWorkGroupConfiguration: true,
          publishCloudWatchMetricsEnabled: true,
          requesterPaysEnabled: false,
          bytesScannedCutoffPerQuery: scanLimitBytes(environment),
          engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
          resultConfiguration: {
            outputLocation: `s3://${queryResults.bucket.bucketName}/${name}/`,
            encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: queryResults.key.keyArn },
            expectedBucketOwner: this.account,
          },
        },
      });
      groups.push(group);
      names[name] = group.name;
    }
    this.workGroups = names as Record<WorkGroupName, string>;
    for (const { name: dataset } of datasets) {
      for (const { id: queryId, ...query } of savedQueries(dataset, catalog.relations)) {
        const saved = new CfnNamedQuery(this, queryId, {
          ...query,
          database: catalog.databaseName,
          workGroup: this.workGroups.analysts,
        });
        saved.addResourceDependency(groups[0] as CfnWorkGroup);
      }
    }
  }
}

/** The named queries, with the defaults of their parameters. */
function savedQueries(dataset: string, relations: readonly string[]) {
  return runnable(sqlFiles(dataset, 'queries'), relations).map(({ name, sql }) => ({
    id: `${dataset}-query-${name}`,
    name: `${dataset}: ${name}`,
    description: /^-- question: (.+)$/m.exec(sql)?.[1] ?? name,
    queryString: withDefaults(sql),
  }));
}
