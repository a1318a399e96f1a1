import { SENT_KEY } from '../../core/alerts/keys.ts';
import { readText } from '../../core/lake/read-object.ts';
import { type ObjectStore, PreconditionFailed } from '../../core/ports.ts';
import { readNotification, type SnsMessage } from './read-notification.ts';
import type { Card } from './render-card.ts';

export interface NotifyPorts {
  readonly store: ObjectStore;
  readonly send: (card: Card) => Promise<void>;
}

export interface SnsEvent {
  readonly Records: readonly { readonly Sns: SnsMessage }[];
}

export interface Notified {
  readonly id: string;
  /** False where it had been sent before. */
  readonly isSent: boolean;
}

/** SNS and Lambda may bring a message again for hours; as many incidents as these would be told of by other means. */
const KEPT_IDS = 500;

/**
 * Sends each message that was not sent before, and then notes its id. Throws where one cannot be sent: Lambda then
 * brings the event again. A death between the two sends a message twice, never not at all.
 */
export async function notifyWebhook({ store, send }: NotifyPorts, { Records }: SnsEvent): Promise<Notified[]> {
  const notified: Notified[] = [];
  for (const { Sns } of Records) {
    const { id, card } = readNotification(Sns);
    const isSent = !(await sentIds(store)).ids.includes(id);
    if (isSent) {
      await send(card);
      await note(store, id);
    }
    notified.push({ id, isSent });
  }
  return notified;
}

/** How often another message may come between reading the list and writing it. */
const TRIES = 10;

async function note(store: ObjectStore, id: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { ids, etag } = await sentIds(store);
    const condition = etag === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: etag };
    try {
      await store.put('curated', SENT_KEY, JSON.stringify([...ids, id].slice(-KEPT_IDS)), condition);
      return;
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || tries === TRIES) throw error;
    }
  }
}

async function sentIds(store: ObjectStore): Promise<{ readonly ids: readonly string[]; readonly etag?: string }> {
  const found = await store.head('curated', SENT_KEY);
  if (found === undefined) return { ids: [] };
  const ids = JSON.parse((await readText(store, 'curated', SENT_KEY)) ?? '[]') as string[];
  return { ids, etag: found.etag };
}
