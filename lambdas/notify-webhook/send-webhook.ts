import { lookup } from 'node:dns/promises';
import { type RequestOptions, request } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { type Card, renderCard } from './render-card.ts';
import { kindOfHost, readWebhook, type WebhookKind } from './webhook-host.ts';

/** The way to the internet; tests give another one. */
export interface Internet {
  readonly kindOf: (host: string) => WebhookKind | undefined;
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly isReachable: (address: string) => boolean;
  readonly port: number;
  /** Authorities to trust beside no other. Default: those of Node. */
  readonly ca?: string;
  readonly timeoutMs: number;
}

export const INTERNET: Internet = {
  kindOf: kindOfHost,
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isReachable: isPublicAddress,
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
  const addresses = await internet.resolve(host).catch(() => []);
  if (addresses.length === 0) throw new Error(`the host of the webhook, ${host}, has no address`);
  const inner = addresses.find((it) => !internet.isReachable(it));
  if (inner !== undefined) throw new Error(`the host of the webhook, ${host}, has ${inner}, expected a public address`);
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

/** Answers with the addresses that were looked at, whatever the name. */
function lookupIn(addresses: readonly string[]): NonNullable<RequestOptions['lookup']> {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, done) => {
    if (all) return done(null, known);
    done(null, known[0]?.address ?? '', known[0]?.family);
  };
}
