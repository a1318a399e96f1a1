import { Stage } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './constructs/acknowledge.ts';
import type { Environment } from './environments.ts';
import { AccessStack } from './stacks/access-stack.ts';
import { AlertsStack } from './stacks/alerts-stack.ts';
import { AnalyticsStack } from './stacks/analytics-stack.ts';
import { CatalogStack } from './stacks/catalog-stack.ts';
import { DashboardsStack } from './stacks/dashboards-stack.ts';
import { IngestionStack } from './stacks/ingestion-stack.ts';
import { LearningStack } from './stacks/learning-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { ProcessingStack } from './stacks/processing-stack.ts';
import { ReportsStack } from './stacks/reports-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';

/** One whole lake: every stack of one environment. */
export class LakeStage extends Stage {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id, { env: { account: environment.account, region: environment.region } });
    const props = { environment, terminationProtection: environment.deletionProtection };
    const storage = new StorageStack(this, 'Storage', props);
    const catalog = new CatalogStack(this, 'Catalog', { ...props, storage });
    const ingestion = new IngestionStack(this, 'Ingestion', { ...props, storage, catalog });
    const analytics = new AnalyticsStack(this, 'Analytics', { ...props, storage, catalog });
    const alerts = new AlertsStack(this, 'Alerts', { ...props, storage, catalog, analytics });
    const processing = new ProcessingStack(this, 'Processing', {
      ...props,
      storage,
      ingestion,
      catalog,
      analytics,
      alerts,
    });
    const learning = new LearningStack(this, 'Learning', { ...props, storage, alerts });
    new AccessStack(this, 'Access', { ...props, storage, catalog, analytics });
    const reports =
      environment.reports === undefined
        ? undefined
        : new ReportsStack(this, 'Reports', {
            ...props,
            reports: environment.reports,
            storage,
            catalog,
            analytics,
            alerts,
          });
    if (environment.dashboards !== undefined) {
      const { dashboards } = environment;
      new DashboardsStack(this, 'Dashboards', { ...props, dashboards, catalog, analytics });
    }
    new ObservabilityStack(this, 'Observability', {
      ...props,
      storage,
      catalog,
      ingestion,
      processing,
      learning,
      analytics,
      alerts,
      reports,
    });
    this.acknowledgeFindings(environment);
  }

  /** What is said of every policy, wherever it stands. */
  private acknowledgeFindings({ dashboards }: Environment) {
    const type = CfnPolicy.CFN_RESOURCE_TYPE_NAME;
    const wildcard = (resource: string) => `cdk-nag:AwsSolutions-IAM5[Resource::${resource}]`;
    acknowledge(
      this,
      type,
      ['cdk-nag:NIST.800.53.R5-IAMNoInlinePolicy'],
      'Each role has one policy that is written for it and goes with it: a managed one could be given to another role.',
    );
    acknowledge(
      this,
      type,
      [
        'arn:aws:s3:::{name}/{path}/*',
        'arn:aws:glue:{name}:table/{name}/*',
        'arn:aws:glue:{name}:table/{name}/{name}_*',
        'arn:aws:logs:{name}:log-group:/aws-glue/*',
        'arn:aws:logs:{name}:log-group:/aws/sagemaker/{path}:*',
        'arn:aws:sagemaker:{name}:{name}/{name}-*',
        'arn:aws:sagemaker:{name}:model-package/{name}/*',
        ...(dashboards ? ['arn:aws:quicksight:{name}:dataset/{name}-*/ingestion/*'] : []),
      ].map(wildcard),
      'What is named before the star is exact, a prefix of one bucket, the tables of one database, the logs of Glue or refreshes of the data sets of one lake; what it stands for comes and goes. Actions are exact.',
    );
    acknowledge(
      this,
      type,
      [wildcard('*')],
      'AWS knows no resource for these actions: traces, metrics, log deliveries and security configurations; the rule laketwin:policy-resources holds every other action to a resource.',
    );
  }
}
