import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { AuditTrail } from '../constructs/audit-trail.ts';
import { LakeAlarm } from '../constructs/lake-alarm.ts';
import type { Environment } from '../environments.ts';
import { type Watched, watches } from '../watches.ts';

export interface ObservabilityStackProps extends StackProps, Watched {}

/** What is seen of the lake: who touched an object, what waits, what failed, what it costs; and who is told. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    const {
      environment,
      storage,
      catalog,
      ingestion,
      processing,
      learning,
      analytics,
      alerts,
      reports,
      ...stackProps
    } = props;
    super(scope, id, stackProps);
    new AuditTrail(this, 'Audit', { environment, storage });
    const watched = watches({
      environment,
      storage,
      catalog,
      ingestion,
      processing,
      learning,
      analytics,
      alerts,
      reports,
    });
    for (const watch of watched) new LakeAlarm(this, watch.id, { ...watch, topic: alerts.topic });
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(7),
      widgets: watched.map(({ heading, metric, above }) => [
        new GraphWidget({ title: heading, left: [metric], leftAnnotations: [{ value: above }] }),
      ]),
    });
    this.budget(environment);
  }

  private budget({ name, budgetUSD, alertEmail }: Environment) {
    if (budgetUSD === undefined) return;
    const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address: alertEmail }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `laketwin-${name}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budgetUSD, unit: 'USD' },
      },
      notificationsWithSubscribers: [above('ACTUAL', 80), above('ACTUAL', 100), above('FORECASTED', 100)],
    });
  }
}
