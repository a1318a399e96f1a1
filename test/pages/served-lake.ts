/** A lake of generated bookings and its pages, for tests that ask over HTTP; `score` adds what a model would foretell. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bookings } from '../../datasets/bookings/contract.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { openPageServer } from '../../local/serve/page-server.ts';
import { scoreLake } from '../engines/scored-lake.ts';

export const NOW = new Date('2026-11-21T07:00:00.000Z');

export async function servedLake(rows: number) {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-pages-'));
  const lake = join(folder, 'lake');
  const take = async (seed: number, count: number) => {
    const input = join(folder, `bookings-${seed}.csv`);
    await generateFile({ dataset: bookings, out: input, rows: count, seed, dirty: 0.02 });
    await runLake({ lake, dataset: bookings, inputs: [input], now: () => NOW });
  };
  if (rows > 0) await take(1, rows);
  const errors: Error[] = [];
  const clock = { now: NOW };
  const server = await openPageServer({
    lake,
    port: 0,
    set: bookingDashboards,
    now: () => clock.now,
    onError: (error) => errors.push(error),
  });
  const end = async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  const score = () => scoreLake(lake, '2026-11-20');
  return { server, lake, errors, clock, take, score, end };
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Asks as given: unlike `fetch`, nothing of the path or the headers is set right. */
export function ask(
  address: string,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
) {
  const { port } = new URL(address);
  return new Promise<Reply>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
