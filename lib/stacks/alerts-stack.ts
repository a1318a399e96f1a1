import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlertEvaluation } from '../constructs/alert-evaluation.ts';
import { ChatNotifier } from '../constructs/chat-notifier.ts';
import { HeardTopic } from '../constructs/heard-topic.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import type { Environment } from '../environments.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface AlertsStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
}

/** Who is told when something is wrong: the topic of all alarms, of the lake's own alerts and of what machines say. */
export class AlertsStack extends Stack {
  readonly topic: Topic;
  readonly key: LakeKey;
  readonly evaluation: AlertEvaluation;
  /** None where the environment has no webhook. */
  readonly chat: ChatNotifier | undefined;

  constructor(scope: Construct, id: string, { environment, storage, catalog, analytics, ...props }: AlertsStackProps) {
    super(scope, id, props);
    const { alertEmail, deletionProtection } = environment;
    this.key = new LakeKey(this, 'AlertKey', { description: 'Encrypts alerts.', retain: deletionProtection });
    this.topic = new HeardTopic(this, 'Alerts', { key: this.key, email: alertEmail });
    const cloudWatch = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
    };
    this.key.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
    this.key.letLogs();
    this.letQueues(environment);
    const common = { environment, storage, topic: this.topic, key: this.key };
    this.evaluation = new AlertEvaluation(this, 'Evaluation', { ...common, catalog, analytics });
    this.chat = environment.webhook ? new ChatNotifier(this, 'Chat', common) : undefined;
    if (this.chat) new CfnOutput(this, 'KeyArn', { description: 'Encrypts the webhook.', value: this.key.keyArn });
  }

  /** Whoever lays into a queue what it could not deliver seals it. */
  private letQueues({ webhook }: Environment) {
    const services = ['events', ...(webhook ? ['sns'] : [])];
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
  }
}
