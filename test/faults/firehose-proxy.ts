import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What goes wrong with a call of PutRecordBatch. */
export type FirehoseFault =
  /** Firehose takes the other records, and refuses those at these places. */
  | { readonly kind: 'refuse part'; readonly refused: ReadonlySet<number> }
  /** Firehose takes nothing and says so. */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** Firehose takes all, and says that it did not. */
  | { readonly kind: 'do and refuse'; readonly status: number; readonly code: string }
  /** Firehose takes all, and the connection breaks before it can say so. */
  | { readonly kind: 'do and cut' }
  /** Firehose takes all, and its answer has one result too few. */
  | { readonly kind: 'lose a result' };

/** A call as it came. */
export interface PutCall {
  readonly records: number;
  /** Of data, without base64. */
  readonly bytes: number;
  /** The largest record. */
  readonly largest: number;
}

export interface FirehoseProxy {
  readonly endpoint: string;
  /** Asked about each call of PutRecordBatch; undefined lets it pass. */
  decide: (call: PutCall) => FirehoseFault | undefined;
  /** Calls that came so far. */
  readonly calls: readonly PutCall[];
  stop(): void;
}

/** Stands between the AWS SDK and the Firehose at `target`. */
export async function startFirehoseProxy(target: string): Promise<FirehoseProxy> {
  const calls: PutCall[] = [];
  const server = createServer((incoming, response) => {
    handle(target, incoming, response, (records) => {
      const sizes = records.map(({ Data }) => Buffer.from(Data, 'base64').length);
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      const call = { records: records.length, bytes, largest: Math.max(...sizes) };
      calls.push(call);
      return proxy.decide(call);
    }).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const proxy: FirehoseProxy = {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    decide: () => undefined,
    calls,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

interface PutBody {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

interface PutAnswer {
  readonly FailedPutCount: number;
  readonly RequestResponses: readonly object[];
}

async function handle(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  decide: (records: PutBody['Records']) => FirehoseFault | undefined,
) {
  const text = Buffer.concat(await incoming.toArray()).toString();
  const isPut = String(incoming.headers['x-amz-target']).endsWith('.PutRecordBatch');
  const body = JSON.parse(text) as PutBody;
  const fault = isPut ? decide(body.Records) : undefined;
  if (fault?.kind === 'refuse') return refuse(response, fault);
  const isRefused = (at: number) => fault?.kind === 'refuse part' && fault.refused.has(at);
  const passed = isPut ? { ...body, Records: body.Records.filter((_, at) => !isRefused(at)) } : body;
  const answer = isPut && passed.Records.length === 0 ? NOTHING_TAKEN : await forward(target, incoming, passed);
  if (fault?.kind === 'do and refuse') return refuse(response, fault);
  if (fault?.kind === 'do and cut') return response.destroy();
  const said =
    fault?.kind === 'refuse part'
      ? withRefusals(body.Records, isRefused, answer.body)
      : fault?.kind === 'lose a result'
        ? { ...answer.body, RequestResponses: answer.body.RequestResponses.slice(1) }
        : answer.body;
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(said));
}

const NOTHING_TAKEN = { status: 200, body: { FailedPutCount: 0, RequestResponses: [] } };

/** One result for each record in its order, as Firehose gives them. */
function withRefusals(
  records: readonly unknown[],
  isRefused: (at: number) => boolean,
  { RequestResponses }: PutAnswer,
) {
  const taken = RequestResponses[Symbol.iterator]();
  const refusal = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
  const results = records.map((_, at) => (isRefused(at) ? refusal : taken.next().value));
  return { FailedPutCount: results.filter((result) => result === refusal).length, RequestResponses: results };
}

function refuse(response: ServerResponse, { status, code }: { readonly status: number; readonly code: string }) {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: code, message: `injected: ${code}` }));
}

async function forward(target: string, { headers }: IncomingMessage, body: object) {
  const names = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'];
  const kept = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const answer = await fetch(target, { method: 'POST', headers: kept, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as PutAnswer };
}
