import type { Lake, Placed } from '../lake.ts';
import { actions, isBoundBy, isOpenToAll, refusesPlainText, resourceStatements, type Statement } from './policies.ts';
import { all, at, expectNumber, expectSome, list, type Rule, unexpected } from './rule.ts';

const QUEUE = 'AWS::SQS::Queue';
const TOPIC = 'AWS::SNS::Topic';
/** Where a resource names the queue for what failed, by its type. */
const FAILURES: Readonly<Record<string, readonly string[]>> = {
  [QUEUE]: ['RedrivePolicy.deadLetterTargetArn'],
  'AWS::Scheduler::Schedule': ['Target.DeadLetterConfig.Arn'],
  'AWS::Events::Rule': ['DeadLetterConfig.Arn'],
  'AWS::SNS::Subscription': ['RedrivePolicy.deadLetterTargetArn'],
  'AWS::Lambda::EventInvokeConfig': ['DestinationConfig.OnFailure.Destination'],
};
const DAYS_14 = 14 * 24 * 3600;

export const messageRules: readonly Rule[] = [
  {
    id: 'message-key',
    meaning: 'Every queue and topic is encrypted with a key of the lake.',
    types: [QUEUE, TOPIC],
    test: ({ properties }, lake) =>
      lake.target(properties.KmsMasterKeyId)?.type === 'AWS::KMS::Key'
        ? undefined
        : unexpected('KmsMasterKeyId', properties.KmsMasterKeyId, 'a key of the lake'),
  },
  {
    id: 'queue-failures',
    meaning: 'Every queue sends what fails again and again to a second queue, which keeps it for 14 days.',
    types: [QUEUE],
    test: (queue, lake) => {
      if (isForFailures(queue, lake)) return expectNumber(queue.properties, 'MessageRetentionPeriod', DAYS_14, DAYS_14);
      const failures = lake.target(at(queue.properties, 'RedrivePolicy.deadLetterTargetArn'));
      return all(
        failures?.type === QUEUE ? undefined : 'RedrivePolicy names no queue of the lake, expected one',
        expectNumber(queue.properties, 'RedrivePolicy.maxReceiveCount', 2, 10),
      );
    },
  },
  {
    id: 'queue-tls',
    meaning: 'Every queue refuses everybody what does not come by TLS.',
    types: [QUEUE],
    test: (queue, lake) =>
      policiesOf(queue, lake, 'AWS::SQS::QueuePolicy', 'Queues').some((it) => refusesPlainText(it, 'sqs:*'))
        ? undefined
        : 'no statement refuses plain text, expected one',
  },
  {
    id: 'topic-tls',
    meaning: 'Every topic refuses everybody what does not come by TLS.',
    types: [TOPIC],
    test: (topic, lake) =>
      policiesOf(topic, lake, 'AWS::SNS::TopicPolicy', 'Topics').some((it) => refusesPlainText(it, 'sns:Publish'))
        ? undefined
        : 'no statement refuses plain text, expected one',
  },
  {
    id: 'message-senders',
    meaning: 'A service that sends to a queue or a topic does so for this account alone, and everybody else may not.',
    types: ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'],
    test: (policy) =>
      resourceStatements(policy)
        .filter(
          (it) => it.Effect === 'Allow' && (isOpenToAll(it) || !isBoundBy(it, ['aws:SourceAccount', 'aws:SourceArn'])),
        )
        .map(
          (it) =>
            `${actions(it).join(', ')} is granted to ${JSON.stringify(it.Principal)} without a bond to the account`,
        ),
  },
  {
    id: 'topic-heard',
    meaning: 'Every topic is heard by somebody.',
    types: [TOPIC],
    test: (topic, lake) => {
      const ends = lake
        .ofType('AWS::SNS::Subscription')
        .filter(({ properties }) => lake.target(properties.TopicArn) === topic);
      const isHeard = ends.some(({ properties }) => expectSome(properties, 'Endpoint', 'an address') === undefined);
      return isHeard || list(topic.properties.Subscription).length > 0
        ? undefined
        : 'nobody subscribes, expected an address';
    },
  },
];

function isForFailures(queue: Placed, lake: Lake): boolean {
  return lake.resources.some(({ type, properties }) => {
    const paths = FAILURES[type] ?? [];
    const found = paths.flatMap((path) => [properties, ...list(properties.Targets)].map((it) => at(it, path)));
    return found.some((it) => it !== undefined && lake.target(it) === queue);
  });
}

function policiesOf(guarded: Placed, lake: Lake, type: string, path: string): Statement[] {
  return lake
    .ofType(type)
    .filter(({ properties }) => list(properties[path]).some((it) => lake.target(it) === guarded))
    .flatMap(resourceStatements);
}
