import type { SNSClient } from '@aws-sdk/client-sns';
import type { AlertMessage } from '../../core/alerts/types.ts';

/** A subject is ASCII and has at most 100 characters. */
const MOST_SUBJECT = 100;

/** Tells the topic: in words to people, both languages one after the other, and as a document to functions. */
export async function publishMessage(client: SNSClient, topicArn: string, message: AlertMessage): Promise<void> {
  const { PublishCommand } = await import('@aws-sdk/client-sns');
  const { title, text, severity, audience } = message;
  const words = [title.en, text.en, '', title.fr, text.fr, '', `${message.id} (${severity}, ${audience})`].join('\n');
  const subject = `Laketwin: ${title.en}`.replace(/[^\x20-\x7e]/g, '?').slice(0, MOST_SUBJECT);
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: words, lambda: JSON.stringify(message) }),
    }),
  );
}
