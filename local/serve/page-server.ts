import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dashboard, DashboardSet, Visual } from '../../core/dashboards/types.ts';
import { readsTable } from '../../core/dashboards/visual-sql.ts';
import { answerVisual, type VisualAnswer } from '../../pages/answer-visual.ts';
import type { Reader } from '../../pages/chart.ts';
import { ValueFormat } from '../../pages/format-value.ts';
import { lakeFacts } from '../../pages/lake-facts.ts';
import type { LakeState } from '../../pages/lake-state.ts';
import { addressOf, type PageAddress, readAddress } from '../../pages/page-address.ts';
import { pageTexts } from '../../pages/page-texts.ts';
import { renderMessage, renderPage } from '../../pages/render-page.ts';
import { styleSheet } from '../../pages/style-sheets.ts';
import { keptPage } from './kept-pages.ts';
import { PageLake } from './page-lake.ts';

/** Room for thousands of chosen values in an address; longer ones are refused by Node with 431. */
const LONGEST_HEAD_BYTES = 1024 * 1024;
/** The server answers this machine only. */
const LOOPBACK = '127.0.0.1';
const HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

export interface PageServerOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly set: DashboardSet;
  readonly now: () => Date;
  /** Told what went wrong with a page, for the one who runs the server. */
  readonly onError: (error: Error) => void;
}

export interface PageServer {
  /** Where the pages are, such as `http://127.0.0.1:4680/`. */
  readonly address: string;
  /** Reads the lake, so that the first page comes at once. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the dashboards of a lake to this machine. Nothing but its pages and their style sheet is ever sent. */
export async function openPageServer(options: PageServerOptions): Promise<PageServer> {
  const lake = await PageLake.open(options.lake, options.set.table);
  const style = await styleSheet('pages.css');
  const pages = new Pages(options, lake, style);
  const server = createServer({ maxHeaderSize: LONGEST_HEAD_BYTES }, (request, response) => {
    pages.answer(request, response).catch((error: unknown) => {
      options.onError(error instanceof Error ? error : new Error(String(error)));
      send(response, 500, 'text/plain', 'this page could not be made; the terminal of the server says why\n');
    });
  });
  const port = await listen(server, options.port);
  return {
    address: `http://${LOOPBACK}:${port}/`,
    warm: () => lake.read(async () => {}),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lake.close();
    },
  };
}

class Pages {
  readonly #options: PageServerOptions;
  readonly #lake: PageLake;
  readonly #style: string;

  constructor(options: PageServerOptions, lake: PageLake, style: string) {
    this.#options = options;
    this.#lake = lake;
    this.#style = style;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { set } = this.#options;
    // A page elsewhere whose name leads to this machine would otherwise read the lake.
    if (!HOSTS.test(request.headers.host ?? '')) return send(response, 421, 'text/plain', 'ask for 127.0.0.1\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, 'text/plain', 'pages are only read\n');
    }
    const [base, path] = [`http://${LOOPBACK}/`, request.url ?? '/'];
    if (!URL.canParse(path, base)) return send(response, 400, 'text/plain', 'the address is none\n');
    const url = new URL(path, base);
    if (url.pathname === '/pages.css') return send(response, 200, 'text/css', this.#style);
    const address = readAddress(set, url, request.headers['accept-language']);
    if (url.pathname === '/') {
      response.setHeader('location', addressOf(set, address, { dashboard: set.dashboards[0]?.id ?? '' }));
      return send(response, 302, 'text/plain', '');
    }
    const dashboard = set.dashboards.find(({ id }) => id === address.dashboard);
    if (dashboard === undefined) {
      const reader = this.#reader(address);
      const lost = { ...address, dashboard: set.dashboards[0]?.id ?? '' };
      return send(response, 404, 'text/html', renderMessage(reader.texts.notFound, lost, reader));
    }
    const page = await this.#lake.read((snapshot, problem) => {
      // Pages tell how old the data are: a minute later they are made again.
      const minute = Math.floor(this.#options.now().getTime() / 60_000);
      const key = JSON.stringify([address, problem?.message, minute]);
      return keptPage(snapshot, key, () => this.#page(dashboard, address, snapshot, problem));
    });
    return send(response, 200, 'text/html', page);
  }

  async #page(
    dashboard: Dashboard,
    address: PageAddress,
    snapshot: LakeState,
    problem: Error | undefined,
  ): Promise<{ readonly text: string; readonly hasFailed: boolean }> {
    const { set, now, onError } = this.#options;
    if (problem !== undefined) onError(problem);
    const facts = await lakeFacts(set, snapshot, address.selection);
    const isEmpty = facts.chosen === 0 || address.faults.length > 0;
    const answers = new Map<string, VisualAnswer>();
    for (const visual of dashboard.sheets.flatMap(({ visuals }) => visuals)) {
      if (isEmpty && readsTable(set, visual, snapshot.views)) continue;
      answers.set(visual.id, this.#told(visual, await answerVisual(set, visual, snapshot, address.selection)));
    }
    const state = { facts, version: snapshot.version, answers, isUnreadable: problem !== undefined, now: now() };
    const hasFailed = [...answers.values()].some((answer) => 'error' in answer);
    return { text: renderPage(dashboard, address, this.#reader(address), state), hasFailed };
  }

  #told(visual: Visual, answer: VisualAnswer): VisualAnswer {
    if ('error' in answer) this.#options.onError(new Error(`the visual ${visual.id} failed: ${answer.error}`));
    return answer;
  }

  #reader({ language }: PageAddress): Reader {
    const { set } = this.#options;
    return { set, language, texts: pageTexts(language), format: new ValueFormat(language, set.words) };
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`the port ${port} is taken: give another with --port`) : error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
  return (server.address() as AddressInfo).port;
}
