/** Hosts to which alerts may be sent, and what they take; a leading dot stands for any name before it. */
const HOSTS: Readonly<Record<string, WebhookKind>> = {
  'hooks.slack.com': 'slack',
  '.webhook.office.com': 'teams',
  '.logic.azure.com': 'teams',
  '.api.powerplatform.com': 'teams',
};

export type WebhookKind = 'slack' | 'teams';

/** What the host takes; undefined where it is not on the list. */
export function kindOfHost(host: string): WebhookKind | undefined {
  const found = Object.entries(HOSTS).find(([name]) => (name.startsWith('.') ? host.endsWith(name) : host === name));
  return found?.[1];
}

/**
 * Reads the address of a webhook. Throws a sentence for one that is not `https`, bears a name or a password, names a
 * port, or whose host is not on the list; no message holds more of it than the host.
 */
export function readWebhook(
  address: string,
  kindOf: (host: string) => WebhookKind | undefined = kindOfHost,
): { readonly url: URL; readonly kind: WebhookKind } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new Error('the address of the webhook is no URL, expected https://…');
  const { protocol, hostname, port, username, password } = url;
  if (protocol !== 'https:') throw new Error(`the address of the webhook begins with ${protocol}, expected https:`);
  if (username !== '' || password !== '') throw new Error('the address of the webhook bears a user, expected none');
  if (port !== '') throw new Error('the address of the webhook names a port, expected none');
  const kind = kindOf(hostname);
  if (kind !== undefined) return { url, kind };
  const hosts = Object.keys(HOSTS).map((name) => (name.startsWith('.') ? `*${name}` : name));
  throw new Error(`the host of the webhook is ${hostname}, expected one of ${hosts.join(', ')}`);
}
