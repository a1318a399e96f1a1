import type { WebhookKind } from './webhook-host.ts';

/** A notification for people in a chat. */
export interface Card {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: 'bad' | 'good' | 'neutral';
}

/** Slack takes 150 characters of a header and 3,000 of a section, Teams about 28 KB in all. */
const MOST_TITLE = 150;
const MOST_TEXT = 2900;

/** The body that the chat takes. Texts are plain in both: what a row or a file is called can neither call nor link. */
export function renderCard(kind: WebhookKind, card: Card): object {
  const title = cut(`${MARKS[card.tone]}${card.title}`, MOST_TITLE);
  const text = cut(card.lines.join('\n'), MOST_TEXT);
  return kind === 'slack' ? slackMessage(title, text) : teamsMessage(title, text, card.tone);
}

const MARKS: Readonly<Record<Card['tone'], string>> = { bad: '⚠ ', good: '✓ ', neutral: '' };
const COLOURS: Readonly<Record<Card['tone'], string>> = { bad: 'Attention', good: 'Good', neutral: 'Default' };

function slackMessage(title: string, text: string) {
  const plain = (words: string) => ({ type: 'plain_text', text: words, emoji: false });
  const blocks = [
    { type: 'header', text: plain(title) },
    ...(text === '' ? [] : [{ type: 'section', text: plain(text) }]),
  ];
  // What a phone shows: there, three characters have a meaning.
  const summary = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { text: summary, blocks };
}

/** Runs of text know no Markdown, unlike blocks. */
function teamsMessage(title: string, text: string, tone: Card['tone']) {
  const run = (words: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: words, ...more }],
  });
  const body = [
    run(title, { weight: 'Bolder', size: 'Medium', color: COLOURS[tone] }),
    ...text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => run(line)),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
