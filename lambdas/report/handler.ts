/** The Lambda that makes a report by the clock, lays it into the bucket of query results and tells a topic of it. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { ReportOrder } from '../../core/dashboards/scheduled-reports.ts';
import { readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { dashboardsOf } from '../../datasets/dashboards.ts';
import { env } from '../shared/env.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { athenaLake } from './athena-lake.ts';
import { deliverReport } from './deliver-report.ts';
import { reportBucket } from './report-bucket.ts';
import { reportMessage } from './report-message.ts';
import { viewTexts } from './view-texts.ts';

const athena = {
  client: new AthenaClient(),
  database: env('DATABASE'),
  workGroup: env('WORK_GROUP'),
  timeoutMs: 60_000,
};
const s3 = new S3Client();
const sns = new SNSClient();
const place = { region: env('AWS_REGION'), bucket: env('REPORTS_BUCKET') };
const store = new S3ObjectStore(zoneBuckets(), s3);

export async function handler(order: ReportOrder): Promise<void> {
  const set = dashboardsOf(order.dataset);
  const views = viewTexts(order.dataset);
  const outcome = await deliverReport(set, order, {
    openLake: async () =>
      athenaLake(athena, { views, version: (await readCurrentManifest(store, set.table))?.version }),
    bucket: await reportBucket(place.bucket, s3),
    tell: async (delivery) => {
      const { subject: Subject, text: Message } = reportMessage(delivery, place);
      await sns.send(new PublishCommand({ TopicArn: topicOf(delivery.role), Subject, Message }));
    },
    now: () => new Date(),
  });
  console.log(JSON.stringify({ order, ...outcome }));
}

/** Each role has a topic: whoever waits for one report hears of no other. */
function topicOf(role: string): string {
  return env(`TOPIC_${role.toUpperCase()}`);
}
