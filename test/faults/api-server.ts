import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an API on this machine does when it is asked for a page. */
export type Turn = (
  answer: ServerResponse,
  asked: { readonly url: URL; readonly headers: IncomingMessage['headers'] },
) => void;

export interface ApiServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Path and parameters of all that was asked for. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
  /** Answers one after the other; the last again and again. */
  turns: readonly Turn[];
  stop(): Promise<void>;
}

export async function startApi(): Promise<ApiServer> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let turns: readonly Turn[] = [];
  let count = 0;
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    headers.push(request.headers);
    const turn = turns[Math.min(count, turns.length - 1)];
    count += 1;
    turn?.(answer, { url: new URL(request.url ?? '', 'http://here'), headers: request.headers });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    get turns() {
      return turns;
    },
    set turns(next) {
      turns = next;
      count = 0;
      asked.length = 0;
      headers.length = 0;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** Answers with JSON; a text is sent as it is. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Turn {
  return (answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', ...headers });
    answer.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Turn {
  return (answer) => answer.writeHead(code, headers).end('{"items":[]}');
}
