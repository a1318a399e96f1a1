import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request on its way to S3. */
export interface Passing {
  readonly method: string;
  /** Key with its bucket, decoded. */
  readonly path: string;
}

/** What goes wrong with a request. */
export type S3Fault =
  /** S3 refuses it by an error of its own, and does nothing. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly code: string;
      readonly headers?: Record<string, string>;
    }
  /** S3 does it, and says that it did not. */
  | { readonly kind: 'do and refuse'; readonly status: number; readonly code: string }
  /** The connection is cut once S3 has some of the request's bytes. */
  | { readonly kind: 'cut request' }
  /** The connection is cut after this share of the answer's bytes. */
  | { readonly kind: 'cut answer'; readonly share: number }
  /** The answer's bytes come one by one. */
  | { readonly kind: 'slow answer'; readonly bytesPerSecond: number };

export interface S3Proxy {
  readonly endpoint: string;
  /** Asked about each request; undefined lets it pass. */
  decide: (passing: Passing) => S3Fault | undefined;
  /** Faults that were injected so far. */
  readonly injected: () => number;
  stop(): void;
}

/** Stands between the AWS SDK and the S3 server at `target`. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  let injected = 0;
  const server = createServer((incoming, response) => {
    const passing = {
      method: incoming.method ?? '',
      path: decodeURIComponent((incoming.url ?? '').split('?')[0] ?? ''),
    };
    const fault = proxy.decide(passing);
    if (fault !== undefined) injected += 1;
    handle(target, incoming, response, fault).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${port}`,
    decide: () => undefined,
    injected: () => injected,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

async function handle(target: string, incoming: IncomingMessage, response: ServerResponse, fault: S3Fault | undefined) {
  if (fault?.kind === 'cut request') {
    incoming.once('data', () => incoming.socket.destroy());
    incoming.once('end', () => incoming.socket.destroy());
    return;
  }
  const body = Buffer.concat(await incoming.toArray());
  if (fault?.kind === 'refuse') return refuse(response, fault);
  const answer = await forward(target, incoming, body);
  if (fault?.kind === 'do and refuse') return refuse(response, fault);
  response.writeHead(answer.status, answer.headers);
  if (fault?.kind === 'cut answer') {
    response.write(answer.body.subarray(0, Math.floor(answer.body.length * fault.share)), () => response.destroy());
  } else if (fault?.kind === 'slow answer') {
    for (const byte of answer.body) {
      if (response.destroyed) return;
      response.write(Uint8Array.of(byte));
      await sleep(1000 / fault.bytesPerSecond);
    }
    response.end();
  } else response.end(answer.body);
}

function refuse(response: ServerResponse, fault: { readonly status: number; readonly code: string; headers?: object }) {
  const { status, code } = fault;
  response.writeHead(status, { 'content-type': 'application/xml', ...fault.headers });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected: ${code}</Message></Error>`);
}

function forward(target: string, incoming: IncomingMessage, body: Buffer) {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((done, fail) => {
    const { 'transfer-encoding': _, expect: __, ...rest } = headers;
    const own = { ...rest, 'content-length': String(body.length), connection: 'close' };
    const sent = request({ hostname, port, method, path, headers: own }, (answer) => {
      answer.toArray().then((chunks) => {
        // Node counts the bytes of an answer that has a length, which a cut one would break.
        const { connection, 'keep-alive': ___, ...given } = answer.headers;
        done({ status: answer.statusCode ?? 500, headers: given, body: Buffer.concat(chunks) });
      }, fail);
    });
    sent.once('error', fail);
    sent.end(body);
  });
}
