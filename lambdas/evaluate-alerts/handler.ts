/** The Lambda that asks Athena whether an alert is to be raised or cleared, and tells the topic. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { SNSClient } from '@aws-sdk/client-sns';
import { alertSets } from '../../datasets/alerts.ts';
import { env } from '../shared/env.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { alertSql } from './alert-sql.ts';
import { askAthena } from './ask-athena.ts';
import { evaluateSets } from './evaluate-sets.ts';
import { publishMessage } from './publish-message.ts';

const athena = {
  client: new AthenaClient(),
  database: env('DATABASE'),
  workGroup: env('WORK_GROUP'),
  timeoutMs: 45_000,
};
const sns = new SNSClient();
const topicArn = env('TOPIC_ARN');

const ports = {
  store: new S3ObjectStore(zoneBuckets()),
  sql: alertSql,
  ask: (sql: string) => askAthena(athena, sql),
  relations: new Set(env('RELATIONS').split(',')),
  send: (message: Parameters<typeof publishMessage>[2]) => publishMessage(sns, topicArn, message),
  now: () => new Date(),
};

export async function handler(): Promise<void> {
  await evaluateSets(alertSets, ports, (dataset, { outcomes, messages }) =>
    console.log(JSON.stringify({ dataset, outcomes, sent: messages.map(({ id }) => id) })),
  );
}
