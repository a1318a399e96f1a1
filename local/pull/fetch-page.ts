import { Buffer } from 'node:buffer';
import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestByTls } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { isPublicAddress } from '../../lambdas/shared/public-address.ts';
import { addressesOf, type HostRules, lookupIn, PUBLIC_HOSTS } from '../../lambdas/shared/public-host.ts';

/** The way to an API; tests give another one. */
export interface ApiHosts extends HostRules {
  /** Whether `http` is good enough, for this machine. */
  readonly mayBePlain: (address: string) => boolean;
  /** Authorities to trust beside no other. Default: those of Node. */
  readonly ca?: string;
}

/** Only `https`, and only the internet. */
export const PUBLIC_APIS: ApiHosts = { ...PUBLIC_HOSTS, mayBePlain: () => false };

/** The same, and this machine, where someone tries an API out. */
export const LOOPBACK_APIS: ApiHosts = {
  ...PUBLIC_HOSTS,
  isReachable: (address) => isPublicAddress(address) || isLoopback(address),
  mayBePlain: isLoopback,
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && loopback.check(address, 'ipv4'));
}

export interface FetchedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty unless the status is 200. */
  readonly text: string;
  readonly bytes: number;
}

/** The connection or the answer broke: it may go well another time. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

export interface PageRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly hosts: ApiHosts;
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

/**
 * Asks for a page. Its host is asked for once, every address of the answer must be one that may be reached, and the connection
 * goes to one of them; a redirection is not followed.
 *
 * Throws `BrokenAnswer` where it may go well another time.
 */
export async function fetchPage({ url, headers, hosts, mostBytes, timeoutMs }: PageRequest): Promise<FetchedPage> {
  const addresses = await reachableAddresses(url, hosts);
  const options: RequestOptions = {
    agent: false,
    lookup: lookupIn(addresses),
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'laketwin', ...headers },
    ...(hosts.ca !== undefined && { ca: hosts.ca }),
  };
  const send = url.protocol === 'https:' ? requestByTls : requestPlain;
  return new Promise((done, fail) => {
    const broken = (error: NodeJS.ErrnoException) =>
      fail(
        error.name === 'Error' || error.name === 'AbortError' || error.name === 'TimeoutError'
          ? brokenBy(url, error)
          : error,
      );
    const asking = send(url, options, (answer) => {
      readBody(answer, mostBytes).then(done, broken);
    });
    asking.on('error', broken);
    asking.end();
  });
}

/** Throws where the address is none that may be asked; no message holds its path or its parameters. */
async function reachableAddresses(url: URL, hosts: ApiHosts): Promise<readonly string[]> {
  const { protocol, username, password } = url;
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (username !== '' || password !== '') throw new Error('the address of the API bears a user, expected none');
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new Error(`the address of the API begins with ${protocol}, expected https:`);
  }
  const addresses = await addressesOf(host, hosts, 'the API');
  if (protocol === 'https:' || addresses.every(hosts.mayBePlain)) return addresses;
  throw new Error(
    'the address of the API begins with http:, expected https: (only --allow-loopback takes http, of this machine)',
  );
}

function brokenBy({ hostname }: URL, error: NodeJS.ErrnoException): BrokenAnswer {
  const why = error.name === 'Error' ? (error.code ?? error.message) : 'no whole answer in time';
  return new BrokenAnswer(`the API at ${hostname} did not answer: ${why}`);
}

class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';
}

async function readBody(answer: IncomingMessage, mostBytes: number): Promise<FetchedPage> {
  const status = answer.statusCode ?? 0;
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  if (status !== 200) {
    answer.destroy();
    return { status, headers, text: '', bytes: 0 };
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    answer.destroy();
    throw new RefusedAnswer(`the API answers in the encoding '${encoding.slice(0, 20)}', which was not asked for`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes)
      throw new RefusedAnswer(`an answer of the API is larger than the ${mostBytes} bytes that are left of the limit`);
  }
  return { status, headers, text: decoded(Buffer.concat(chunks)), bytes };
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BrokenAnswer('an answer of the API is not in UTF-8');
  }
}
