import type { AlertMessage } from '../../core/alerts/types.ts';
import type { Card } from './render-card.ts';

/** What SNS gives of one message. */
export interface SnsMessage {
  readonly MessageId: string;
  readonly Subject?: string | null;
  readonly Message: string;
}

/** A notification, and the id under which it is sent once. */
export interface Notification {
  readonly id: string;
  readonly card: Card;
}

/** Of our alerts, of alarms of CloudWatch, and of what machines say in plain words; anything else as it came. */
export function readNotification(message: SnsMessage): Notification {
  const document = parse(message.Message);
  if (isAlert(document)) return { id: `${document.id} ${document.at}`, card: cardOfAlert(document) };
  const card = isAlarm(document) ? cardOfAlarm(document) : cardOfText(message);
  return { id: message.MessageId, card };
}

/** An alert as the chat shows it, in both languages. */
export function cardOfAlert({ title, text, kind, audience }: AlertMessage): Card {
  return {
    title: `${title.en} / ${title.fr}`,
    lines: [...text.en.split('\n'), ...text.fr.split('\n'), `(${audience})`],
    tone: kind === 'raised' ? 'bad' : 'good',
  };
}

/** The fields of an alarm that are shown. */
interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription?: string | null;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly Region?: string;
}

function cardOfAlarm({ AlarmName, AlarmDescription, NewStateValue, NewStateReason, Region }: Alarm): Card {
  const isOver = NewStateValue === 'OK';
  const heading = AlarmDescription?.replace(/^docs\/runbook\.md: /, '') ?? AlarmName;
  return {
    title: isOver ? `Over: ${heading}` : heading,
    lines: [NewStateReason ?? '', `${AlarmName}, ${Region ?? ''}: docs/runbook.md`].filter((line) => line !== ''),
    tone: isOver ? 'good' : 'bad',
  };
}

function cardOfText({ Subject, Message }: SnsMessage): Card {
  return { title: Subject ?? 'Laketwin', lines: Message.split('\n'), tone: 'neutral' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlert(it: unknown): it is AlertMessage {
  const { id, at, kind, title, text } = Object(it) as Partial<AlertMessage>;
  const isText = (texts: unknown) => typeof Object(texts).en === 'string' && typeof Object(texts).fr === 'string';
  return typeof id === 'string' && typeof at === 'string' && typeof kind === 'string' && isText(title) && isText(text);
}

function isAlarm(it: unknown): it is Alarm {
  const { AlarmName, NewStateValue } = Object(it) as Partial<Alarm>;
  return typeof AlarmName === 'string' && typeof NewStateValue === 'string';
}
