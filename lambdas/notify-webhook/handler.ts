/** The Lambda that sends what the topic of alerts says to the webhook of a chat. */
import { env } from '../shared/env.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { keptAddress } from './load-address.ts';
import { notifyWebhook, type SnsEvent } from './notify-webhook.ts';
import { sendWebhook } from './send-webhook.ts';

const address = keptAddress(env('WEBHOOK_PARAMETER'));
const store = new S3ObjectStore(zoneBuckets());

export async function handler(event: SnsEvent): Promise<void> {
  const notified = await notifyWebhook({ store, send: async (card) => sendWebhook(await address(), card) }, event);
  console.log(JSON.stringify({ notified }));
}
