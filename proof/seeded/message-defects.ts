import { add, drop, everywhere, gone, replace, set } from './changes.ts';
import type { Defect } from './defect.ts';

const queue = 'AWS::SQS::Queue';
const queuePolicy = 'AWS::SQS::QueuePolicy';
const topic = 'AWS::SNS::Topic';
const topicPolicy = 'AWS::SNS::TopicPolicy';
const STATEMENTS = 'PolicyDocument.Statement';
const isTlsOnly = (it: unknown) => JSON.stringify(it).includes('aws:SecureTransport');
const unbind = everywhere('Effect', (it) => {
  if (it.Effect === 'Allow') delete it.Condition;
});

export const messageDefects: readonly Defect[] = [
  {
    id: 'queue-no-key',
    weakens: 'Messages lie without a key of the lake.',
    type: queue,
    change: set('KmsMasterKeyId'),
  },
  {
    id: 'queue-aws-key',
    weakens: "Messages lie under AWS's own key.",
    type: queue,
    change: set('KmsMasterKeyId', 'alias/aws/sqs'),
  },
  {
    id: 'queue-failures-lost',
    weakens: 'A bad message comes again until it is lost.',
    type: queue,
    change: set('RedrivePolicy'),
  },
  {
    id: 'queue-tries-thousandfold',
    weakens: 'A bad message blocks the others for weeks.',
    type: queue,
    change: set('RedrivePolicy.maxReceiveCount', 1000),
  },
  {
    id: 'queue-one-try',
    weakens: 'A hiccup sends a good file aside.',
    type: queue,
    change: set('RedrivePolicy.maxReceiveCount', 1),
  },
  {
    id: 'failures-kept-a-day',
    weakens: 'What failed is gone after a weekend.',
    type: queue,
    place: /Failed/,
    change: set('MessageRetentionPeriod', 86_400),
  },
  {
    id: 'queue-forgets-in-time',
    weakens: 'A message comes again while its function still runs.',
    type: queue,
    change: replace('VisibilityTimeout', 30),
  },
  {
    id: 'queue-deleted',
    weakens: 'Messages go with their stack.',
    type: queue,
    change: (it) => {
      it.DeletionPolicy = 'Delete';
    },
  },
  {
    id: 'queue-plain-text',
    weakens: 'Messages are taken in plain text.',
    type: queuePolicy,
    change: drop(STATEMENTS, isTlsOnly),
  },
  { id: 'queue-policy-gone', weakens: 'Messages are taken in plain text.', type: queuePolicy, change: gone },
  {
    id: 'queue-for-all',
    weakens: 'Everybody may send a message.',
    type: queuePolicy,
    change: add(STATEMENTS, { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }),
  },
  {
    id: 'queue-any-account',
    weakens: "Another account's bucket may send a message.",
    type: queuePolicy,
    change: unbind,
  },
  { id: 'topic-no-key', weakens: 'Alerts lie without a key of the lake.', type: topic, change: set('KmsMasterKeyId') },
  {
    id: 'topic-plain-text',
    weakens: 'Alerts are taken in plain text.',
    type: topicPolicy,
    change: drop(STATEMENTS, isTlsOnly),
  },
  {
    id: 'topic-for-all',
    weakens: 'Everybody may raise an alert.',
    type: topicPolicy,
    change: add(STATEMENTS, { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sns:Publish', Resource: '*' }),
  },
  {
    id: 'topic-any-account',
    weakens: "Another account's alarms may raise an alert.",
    type: topicPolicy,
    change: unbind,
  },
  { id: 'topic-unheard', weakens: 'Nobody is told.', type: 'AWS::SNS::Subscription', change: gone },
];
