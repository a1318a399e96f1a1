/** A dashboard page of ten visuals and a PDF report, over 50,000 and 5 million generated bookings, asked over HTTP. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { type Figure, median } from './figure.ts';
import type { PageTimes, Time } from './pages-side.ts';

const FEW = 50_000;
const MANY = 5_000_000;
const ROUNDS = 3;

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));
try {
  const few = await lakeOf(FEW);
  const small = Array.from({ length: ROUNDS }, () => timesOf(few, 'pdf'));
  const large = timesOf(await lakeOf(MANY), 'no-pdf');
  const of = (name: 'visuals' | 'pageBytes' | 'scriptBytes' | 'pdf') => median(small.map((times) => times[name]));
  const time = (name: 'cold' | 'warm' | 'filtered', kind: keyof Time) => median(small.map((it) => it[name][kind]));
  const page = `${of('visuals')} visuals, ${(of('pageBytes') / 1000).toFixed(0)} KB of HTML, median of ${ROUNDS} processes`;
  const seconds = (name: string, measured: number, atMost: number, detail: string): Figure => ({
    name,
    measured,
    unit: 's',
    target: { atMost },
    detail,
  });
  const filtered = `with new filters ${ms(time('filtered', 'wall'))} (${ms(time('filtered', 'cpu'))} of processor)`;
  const figures: Figure[] = [
    seconds(
      'first page on 50,000 bookings',
      time('cold', 'wall'),
      1,
      `${ms(time('cold', 'cpu'))} of processor; ${page}`,
    ),
    seconds(
      'page seen before on 50,000',
      time('warm', 'wall'),
      0.15,
      `${ms(time('warm', 'cpu'))} of processor; ${filtered}`,
    ),
    seconds(
      'page seen before on 5 million',
      large.warm.wall,
      1,
      `${ms(large.warm.cpu)} of processor; first page ${ms(large.cold.wall)}`,
    ),
    seconds(
      'page with new filters on 5 million',
      large.filtered.wall,
      1,
      `${ms(large.filtered.cpu)} of processor, median of 7`,
    ),
    {
      name: 'script of a page',
      measured: Math.max(large.scriptBytes, of('scriptBytes')) / 1000,
      unit: 'KB',
      target: { atMost: 0 },
      detail: 'all that stands in script elements',
    },
    seconds(
      'PDF of a month on 50,000 bookings',
      of('pdf'),
      3,
      'from the files of the lake, with the start of Chromium',
    ),
  ];
  console.log(JSON.stringify(figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function lakeOf(rows: number): Promise<string> {
  const dataset = datasetNamed('bookings');
  const [input, lake] = [join(scratch, `${rows}.csv.gz`), join(scratch, `lake-${rows}`)];
  await generateFile({ dataset, out: input, rows, seed: 1, dirty: 0 });
  await runLake({ lake, dataset, inputs: [input], now: () => new Date() });
  return lake;
}

function timesOf(lake: string, what: string): PageTimes {
  const script = fileURLToPath(new URL('pages-side.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', script, lake, what], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the pages of ${lake} ended with status ${status}: see the message above`);
  return JSON.parse(stdout) as PageTimes;
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}
