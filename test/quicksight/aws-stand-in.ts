/** AWS as `bi doctor` asks it: one server whose answers a test may change. */
import { createServer, type IncomingMessage } from 'node:http';

/** An answer of 200 with its body, or a refusal with the name and the sentence of AWS. */
export type StandInAnswer = { readonly body: unknown } | { readonly error: string; readonly message?: string };

/** Answers by operation, as in `DescribeGroup`, or by operation and name, as in `DescribeGroup lake-marketing`. */
export type StandInAnswers = Readonly<Record<string, StandInAnswer>>;

export interface StandIn {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function startStandIn(answers: () => StandInAnswers): Promise<StandIn> {
  const server = createServer(async (request, response) => {
    const { operation, detail, style } = operationOf(request, await bodyOf(request));
    const known = answers();
    const answer = known[`${operation} ${detail}`] ?? known[operation] ?? { error: 'NotInStandIn', message: operation };
    const isError = 'error' in answer;
    const { type, text } = written(style, operation, answer);
    response.writeHead(isError ? 400 : 200, {
      'content-type': type,
      ...(isError ? { 'x-amzn-errortype': answer.error } : {}),
    });
    response.end(text);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

type Style = 'json' | 'query' | 'xml';

interface Operation {
  readonly operation: string;
  readonly detail: string;
  readonly style: Style;
}

const PATHS: readonly (readonly [RegExp, string, Style])[] = [
  [/^\/account\/\d+$/, 'DescribeAccountSubscription', 'json'],
  [/^\/accounts\/\d+\/settings$/, 'DescribeAccountSettings', 'json'],
  [/^\/accounts\/\d+\/data-sets$/, 'ListDataSets', 'json'],
  [/^\/accounts\/\d+\/namespaces\/default\/groups\/([\w-]+)$/, 'DescribeGroup', 'json'],
  [/^\/([\w-]+)\/?$/, 'GetBucketEncryption', 'xml'],
];

function operationOf({ url = '/', headers }: IncomingMessage, body: string): Operation {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { operation: target.split('.').at(-1) ?? '', detail: '', style: 'json' };
  const form = new URLSearchParams(body);
  const action = form.get('Action');
  if (action !== null) return { operation: action, detail: form.get('RoleName') ?? detailOf(form), style: 'query' };
  const { pathname } = new URL(url, 'http://localhost');
  for (const [pattern, operation, style] of PATHS) {
    const found = pattern.exec(pathname);
    if (found !== null) return { operation, detail: found[1] ?? '', style };
  }
  return { operation: pathname, detail: '', style: 'json' };
}

/** The first action of a simulation. */
function detailOf(form: URLSearchParams): string {
  return form.get('ActionNames.member.1') ?? '';
}

function written(style: Style, operation: string, answer: StandInAnswer): { type: string; text: string } {
  if ('error' in answer) {
    const { error, message = error } = answer;
    if (style === 'json')
      return { type: 'application/json', text: JSON.stringify({ __type: error, Message: message }) };
    const inner = `<Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error>`;
    return { type: 'text/xml', text: style === 'query' ? `<ErrorResponse>${inner}</ErrorResponse>` : inner };
  }
  if (style === 'json') return { type: 'application/json', text: JSON.stringify(answer.body) };
  const text = String(answer.body);
  const whole = `<${operation}Response><${operation}Result>${text}</${operation}Result></${operation}Response>`;
  return { type: 'text/xml', text: style === 'query' ? whole : text };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
