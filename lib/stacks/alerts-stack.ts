import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import type { Environment } from '../environments.ts';

export interface AlertsStackProps extends StackProps {
  readonly environment: Environment;
}

/** Who is told when something is wrong: the topic of all alarms and of what the pipeline itself has to say. */
export class AlertsStack extends Stack {
  readonly topic: Topic;
  readonly key: LakeKey;

  constructor(scope: Construct, id: string, { environment, ...props }: AlertsStackProps) {
    super(scope, id, props);
    const { alertEmail, deletionProtection } = environment;
    this.key = new LakeKey(this, 'AlertKey', { description: 'Encrypts alerts.', retain: deletionProtection });
    this.topic = new Topic(this, 'Alerts', { masterKey: this.key, enforceSSL: true });
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
    this.topic.addSubscription(new EmailSubscription(alertEmail));
    acknowledge(
      this,
      CfnSubscription.CFN_RESOURCE_TYPE_NAME,
      ['cdk-nag:Serverless-SNSRedrivePolicy'],
      'An e-mail is tried for six hours, and what it tells of is still to be seen in its alarm: a queue of e-mails would be read by nobody.',
    );
  }
}
