import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface HeardTopicProps {
  /** Encrypts the messages; whoever sends them may use it. */
  readonly key: IKey;
  /** Told of everything, once whoever reads it has confirmed. */
  readonly email: string;
  /**
   * Sender of the e-mails, as their readers see it.
   *
   * @default - AWS Notifications
   */
  readonly displayName?: string;
}

/** A topic that somebody hears by e-mail. */
export class HeardTopic extends Topic {
  constructor(scope: Construct, id: string, { key, email, displayName }: HeardTopicProps) {
    super(scope, id, { masterKey: key, enforceSSL: true, ...(displayName && { displayName }) });
    this.addSubscription(new EmailSubscription(email));
    acknowledge(
      this,
      CfnSubscription.CFN_RESOURCE_TYPE_NAME,
      ['cdk-nag:Serverless-SNSRedrivePolicy'],
      'An e-mail is tried for six hours, and what it tells of, an alarm or a report, is still to be seen in its place: a queue of e-mails would be read by nobody.',
    );
  }
}
