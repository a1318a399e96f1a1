import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from './environments.ts';
import { AccessStack } from './stacks/access-stack.ts';
import { AlertsStack } from './stacks/alerts-stack.ts';
import { AnalyticsStack } from './stacks/analytics-stack.ts';
import { CatalogStack } from './stacks/catalog-stack.ts';
import { IngestionStack } from './stacks/ingestion-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { ProcessingStack } from './stacks/processing-stack.ts';
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
    const alerts = new AlertsStack(this, 'Alerts', props);
    const processing = new ProcessingStack(this, 'Processing', { ...props, storage, catalog, analytics, alerts });
    new AccessStack(this, 'Access', { ...props, storage, catalog, analytics });
    new ObservabilityStack(this, 'Observability', {
      ...props,
      storage,
      catalog,
      ingestion,
      processing,
      analytics,
      alerts,
    });
  }
}
