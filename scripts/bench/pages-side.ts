/** One lake of the pages bench: `pages-side.ts LAKE pdf|no-pdf` prints the seconds that its pages take, in a fresh process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DashboardSet, visualsOf } from '../../core/dashboards/types.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { reportAsk } from '../../local/reports/report-ask.ts';
import { writeReport } from '../../local/reports/write-report.ts';
import { PageLake } from '../../local/serve/page-lake.ts';
import { openPageServer } from '../../local/serve/page-server.ts';
import { gatherReport } from '../../pages/reports/gather-report.ts';
import { median } from './figure.ts';

/** Seconds on the wall and of the processor, the server's and the asker's together. */
export interface Time {
  readonly wall: number;
  readonly cpu: number;
}

export interface PageTimes {
  /** From opening the server to the whole first page. */
  readonly cold: Time;
  /** A page that was asked for before. */
  readonly warm: Time;
  /** A page with filters that nobody asked for before. */
  readonly filtered: Time;
  readonly visuals: number;
  readonly pageBytes: number;
  readonly scriptBytes: number;
  /** From the lake's files to a PDF of a month for the direction, Chromium's start included; without it, 0. */
  readonly pdf: number;
}

const VISUALS = 10;
const [lake = '', what = ''] = process.argv.slice(2);
// Those of marketing and the first of the direction.
const visuals = visualsOf(bookingDashboards).slice(0, VISUALS);
const audience = { en: 'Bench', fr: 'Bench' };
const sheets = [{ id: 'all', title: audience, visuals }];
const set: DashboardSet = { ...bookingDashboards, dashboards: [{ id: 'ten', title: audience, audience, sheets }] };
const onError = (error: Error) => {
  throw error;
};

let started = start();
const server = await openPageServer({ lake, port: 0, set, now: () => new Date(), onError });
const first = await page('ten');
const cold = since();
const warm = await medianOf(Array.from({ length: 9 }, () => 'ten'));
const countries = ['Australia', 'China', 'Japan', 'India', 'Malaysia', 'Thailand', 'Singapore'];
const filtered = await medianOf(countries.map((country) => `ten?origin=${country}&channel=Internet`));
await server.close();
const scripts = [...first.matchAll(/<script[\s\S]*?<\/script>/g)].map(([text]) => text).join('');
const times: PageTimes = {
  cold,
  warm,
  filtered,
  visuals: visuals.length,
  pageBytes: Buffer.byteLength(first),
  scriptBytes: Buffer.byteLength(scripts),
  pdf: what === 'pdf' ? median([await pdf(), await pdf(), await pdf()]) : 0,
};
console.log(JSON.stringify(times));

async function page(path: string): Promise<string> {
  const response = await fetch(new URL(path, server.address));
  const text = await response.text();
  if (!response.ok || (text.match(/<article /g) ?? []).length !== VISUALS)
    throw new Error(`the page ${path} has the status ${response.status} and not its ${VISUALS} visuals`);
  return text;
}

async function medianOf(paths: readonly string[]): Promise<Time> {
  const times: Time[] = [];
  for (const path of paths) {
    started = start();
    await page(path);
    times.push(since());
  }
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}

async function pdf(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-bench-pdf-'));
  started = start();
  const pages = await PageLake.open(lake, set.table);
  try {
    const now = new Date();
    const ask = reportAsk(bookingDashboards, { role: 'direction', month: '2026-05' }, now);
    const report = await pages.read((snapshot) => gatherReport(bookingDashboards, ask, snapshot, now));
    await writeReport(report, 'pdf', join(folder, 'report.pdf'));
    return since().wall;
  } finally {
    await pages.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function start() {
  return { at: performance.now(), usage: process.cpuUsage() };
}

function since(): Time {
  const { user, system } = process.cpuUsage(started.usage);
  return { wall: (performance.now() - started.at) / 1000, cpu: (user + system) / 1e6 };
}
