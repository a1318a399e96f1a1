import { createHash } from 'node:crypto';
import type { ApiSource } from '../../core/sources/api-source.ts';
import { firstAddress, nextAddress } from '../../core/sources/next-address.ts';
import { type Page, readPage } from '../../core/sources/read-page.ts';
import { askedWait, ownWait } from '../../core/sources/retry-wait.ts';
import { type ApiHosts, BrokenAnswer, type FetchedPage, fetchPage } from './fetch-page.ts';

/** What a pull needs of the world. */
export interface PullPorts {
  readonly hosts: ApiHosts;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly variable: (name: string) => string | undefined;
  /** Told of waits, and of every hundredth page. */
  readonly say?: (line: string) => void;
}

export interface PullFacts {
  pages: number;
  records: number;
  bytes: number;
  /** Attempts that failed and were made again. */
  retries: number;
  waitedSeconds: number;
}

const MOST_PAGE_BYTES = 64 * 1024 ** 2;
const REQUEST_MS = 60_000;
/** What may go well another time (RFC 9110 and 6585). */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/**
 * Asks for all pages of an API, one after the other, and gives the records of each to `take`. Throws a sentence where the API
 * refuses, goes in circles or gives more than the limits allow; what was taken until then is no whole pull.
 */
export async function pullPages(
  source: ApiSource,
  ports: PullPorts,
  take: (records: readonly string[]) => Promise<void>,
): Promise<PullFacts> {
  const pull = new Pull(source, ports);
  for (let url: URL | undefined = firstAddress(source); url !== undefined; ) url = await pull.page(url, take);
  return pull.facts;
}

class Pull {
  readonly facts: PullFacts = { pages: 0, records: 0, bytes: 0, retries: 0, waitedSeconds: 0 };
  readonly #source: ApiSource;
  readonly #ports: PullPorts;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #started: number;
  /** Number of the page that was at an address, or held this. */
  readonly #seen = new Map<string, number>();

  constructor(source: ApiSource, ports: PullPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#headers = authorization(source, ports);
    this.#started = ports.now().getTime();
  }

  /** Takes a page; returns the address of the next. */
  async page(url: URL, take: (records: readonly string[]) => Promise<void>): Promise<URL | undefined> {
    const { facts } = this;
    const { limits } = this.#source;
    if (facts.pages >= limits.pages) throw new Error(`the API gives more than ${limits.pages} pages, the limit`);
    const number = facts.pages + 1;
    this.#refuseCircle(url.href, number, 'the address of');
    const { fetched, page } = await this.#wholePage(url, number);
    if (page.records.length > 0) this.#refuseCircle(digest(fetched.text), number, 'the same as');
    await take(page.records);
    facts.pages = number;
    facts.records += page.records.length;
    facts.bytes += fetched.bytes;
    if (number % 100 === 0) this.#ports.say?.(`${number} pages, ${facts.records} records so far`);
    const { link } = fetched.headers;
    const { answer, records } = page;
    return nextAddress(this.#source, { address: url, page: number, records: records.length, answer, link });
  }

  #refuseCircle(what: string, page: number, how: string): void {
    const before = this.#seen.get(what);
    if (before !== undefined) {
      throw new Error(
        `the pages of the API go in circles: page ${page} has ${how} page ${before}; check how the next is found`,
      );
    }
    this.#seen.set(what, page);
  }

  async #wholePage(url: URL, number: number): Promise<{ readonly fetched: FetchedPage; readonly page: Page }> {
    const { limits } = this.#source;
    for (let attempt = 1; ; attempt += 1) {
      const { failure, asked, ...done } = await this.#attempt(url, number);
      if (done.fetched !== undefined && done.page !== undefined) return { fetched: done.fetched, page: done.page };
      if (attempt >= limits.tries)
        throw new Error(`${failure}, at page ${number}, ${attempt} times; nothing was taken in`);
      await this.#waitAfter(attempt, asked, failure ?? '');
    }
  }

  async #attempt(url: URL, number: number): Promise<Attempt> {
    const mostBytes = Math.min(MOST_PAGE_BYTES, this.#source.limits.megabytes * 1e6 - this.facts.bytes);
    const request = { url, headers: this.#headers, hosts: this.#ports.hosts, mostBytes };
    try {
      const fetched = await fetchPage({ ...request, timeoutMs: Math.min(REQUEST_MS, this.#timeLeft()) });
      if (fetched.status === 200) {
        const page = readPage(this.#source, fetched.text);
        return page === undefined ? { failure: `the API at ${url.hostname} gives no JSON` } : { fetched, page };
      }
      const failure = `the API at ${url.hostname} answers ${fetched.status}`;
      if (!PASSING.includes(fetched.status))
        throw new Error(`${failure} at page ${number}${adviceOn(fetched.status, this.#source)}`);
      return { failure, asked: askedWait(fetched.headers['retry-after'], this.#ports.now()) };
    } catch (error) {
      if (error instanceof BrokenAnswer) return { failure: error.message };
      throw error;
    }
  }

  async #waitAfter(attempt: number, asked: number | undefined, failure: string): Promise<void> {
    const most = this.#source.limits.waitSeconds * 1000;
    if (asked !== undefined && asked > most) {
      throw new Error(
        `${failure} and asks to wait ${Math.ceil(asked / 1000)} s, longer than the limit of ${most / 1000} s: pull again later`,
      );
    }
    const wait = asked ?? ownWait(attempt, this.#ports.chance());
    if (wait > this.#timeLeft()) throw this.#outOfTime();
    this.facts.retries += 1;
    this.facts.waitedSeconds += wait / 1000;
    this.#ports.say?.(`${failure}; trying again in ${(wait / 1000).toFixed(1)} s`);
    await this.#ports.wait(wait);
  }

  /** Milliseconds. */
  #timeLeft(): number {
    const left = this.#started + this.#source.limits.seconds * 1000 - this.#ports.now().getTime();
    if (left <= 0) throw this.#outOfTime();
    return left;
  }

  #outOfTime(): Error {
    return new Error(`the pull takes longer than ${this.#source.limits.seconds} s, the limit; nothing was taken in`);
  }
}

interface Attempt {
  readonly fetched?: FetchedPage;
  readonly page?: Page;
  /** Why it is to be made again. */
  readonly failure?: string;
  /** Milliseconds that the API asks to wait. */
  readonly asked?: number | undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The secret goes into a header and nowhere else. */
function authorization({ authorization: how }: ApiSource, { variable }: PullPorts): Readonly<Record<string, string>> {
  if (how === undefined) return {};
  const secret = variable(how.variable) ?? '';
  if (secret === '')
    throw new Error(`the environment variable ${how.variable} is not set: it holds what the API asks for`);
  if (!/^[\x20-\x7e]+$/.test(secret))
    throw new Error(`the environment variable ${how.variable} holds what no header can bear`);
  return { [how.header]: how.scheme === '' ? secret : `${how.scheme} ${secret}` };
}

function adviceOn(status: number, { authorization: how }: ApiSource): string {
  if (status >= 300 && status < 400) return ', which points elsewhere: declare the address that it points to';
  if (status !== 401 && status !== 403) return '';
  return how === undefined ? ': declare its authorization' : `: check the environment variable ${how.variable}`;
}
