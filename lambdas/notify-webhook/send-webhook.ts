import { type RequestOptions, request } from 'node:https';
import { addressesOf, type HostRules, lookupIn, PUBLIC_HOSTS } from '../shared/public-host.ts';
import { type Card, renderCard } from './render-card.ts';
import { kindOfHost, readWebhook, type WebhookKind } from './webhook-host.ts';

/** The way to the internet; tests give another one. */
export interface Internet extends HostRules {
  readonly kindOf: (host: string) => WebhookKind | undefined;
  readonly port: number;
  /** Authorities to trust beside no other. Default: those of Node. */
  readonly ca?: string;
  readonly timeoutMs: number;
}

export const INTERNET: Internet = {
  ...PUBLIC_HOSTS,
  kindOf: kindOfHost,
  port: 443,
  timeoutMs: 8_000,
};

/**
 * Posts a card to the webhook of Slack or Teams, as JSON. The host is asked for once, every address of the answer must
 * be public, and the connection goes to one of them, so that no second answer can lead elsewhere; a redirection is not
 * followed.
 *
 * Throws where the address is refused or the webhook does not take the card; no message holds the path, which is secret.
 */
export async function sendWebhook(address: string, card: Card, internet: Internet = INTERNET): Promise<void> {
  const { url, kind } = readWebhook(address, internet.kindOf);
  const { hostname: host } = url;
  const addresses = await addressesOf(host, internet, 'the webhook');
  const body = JSON.stringify(renderCard(kind, card));
  const { status, text } = await post(url, body, addresses, internet).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the webhook at ${host} did not answer: ${error.code ?? error.name}`);
  });
  if (status >= 300 && status < 400) throw new Error(`the webhook at ${host} points elsewhere (${status}), refused`);
  // Connectors of Office answer 200 to what Teams did not take.
  if (status < 200 || status >= 300 || /delivery failed/i.test(text)) {
    throw new Error(`the webhook at ${host} answered ${status}, expected 200 or 202`);
  }
}

/** More of an answer than this says nothing. */
const MOST_CHARACTERS = 1000;

function post(url: URL, body: string, addresses: readonly string[], { port, ca, timeoutMs }: Internet) {
  const options: RequestOptions = {
    method: 'POST',
    port,
    ...(ca !== undefined && { ca }),
    agent: false,
    lookup: lookupIn(addresses),
    signal: AbortSignal.timeout(timeoutMs),
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) },
  };
  return new Promise<{ readonly status: number; readonly text: string }>((done, fail) => {
    const sending = request(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (more: string) => {
        text += more;
        if (text.length > MOST_CHARACTERS) answer.destroy();
      });
      answer.on('close', () => done({ status: answer.statusCode ?? 0, text }));
      answer.on('error', fail);
    });
    sending.on('error', fail);
    sending.end(body);
  });
}
