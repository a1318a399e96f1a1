/**
 * Generated bookings through convert, curate and its checks, as `npx laketwin run` does it, at growing sizes: whether the
 * cost of a row and the memory stay. `volume.ts --rows N,N,…`; prints a `LoadReport` as JSON.
 */
import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import type { Figure } from '../bench/figure.ts';
import { inScratch } from './in-scratch.ts';
import { loadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';
import type { VolumeSide } from './volume-side.ts';

/** The cost of a row may rise by this much over the smallest size: what differs by chance between two runs. */
const MOST_COST = 1.1;
const MOST_MEGABYTES = 600;
const WATCH_SECONDS = 1;

interface Size extends VolumeSide {
  readonly rows: number;
  readonly inputBytes: number;
  /** Of the lake when all is done, its copy of the input included. */
  readonly lakeBytes: number;
  /** Most that lay in the lake at once, temporary files included; looked at each second. */
  readonly mostBytes: number;
}

await inScratch(async (scratch) => {
  const sizes: Size[] = [];
  for (const rows of loadOptions().rows) sizes.push(await measure(rows, scratch));
  console.log(JSON.stringify(reportOf(sizes)));
});

async function measure(rows: number, scratch: string): Promise<Size> {
  const input = join(scratch, `${rows}.csv.gz`);
  const lake = join(scratch, 'lake');
  const started = performance.now();
  await generateFile({ dataset: datasetNamed('bookings'), rows, out: input, seed: 1 });
  const inputBytes = statSync(input).size;
  console.error(`  ${count(rows)} rows: ${megabytes(inputBytes)} generated in ${since(started)} s`);
  const { side, mostBytes } = await run(input, lake);
  const lakeBytes = await bytesUnder(lake);
  console.error(
    `  ${count(rows)} rows: taken in within ${side.seconds.toFixed(1)} s, peak ${megabytes(side.peakBytes)}`,
  );
  rmSync(lake, { recursive: true });
  rmSync(input);
  return { ...side, rows, inputBytes, lakeBytes, mostBytes };
}

async function run(input: string, lake: string): Promise<{ side: VolumeSide; mostBytes: number }> {
  const script = fileURLToPath(new URL('volume-side.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, input, lake], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let mostBytes = 0;
  const watch = setInterval(async () => {
    mostBytes = Math.max(mostBytes, await bytesUnder(lake));
  }, WATCH_SECONDS * 1000);
  try {
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const answer = Buffer.concat(await child.stdout.toArray()).toString();
    const status = await ended;
    if (status !== 0) throw new Error(`the run ended with status ${status}: see its message above`);
    return { side: JSON.parse(answer) as VolumeSide, mostBytes };
  } finally {
    clearInterval(watch);
  }
}

/** Files come and go meanwhile: one that is gone has no bytes. */
async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.map((entry) =>
    entry.isFile()
      ? stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        )
      : 0,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function reportOf(sizes: readonly Size[]): LoadReport {
  const [least] = sizes;
  if (least === undefined) throw new Error('no size was measured');
  return {
    tables: [
      {
        head: [
          'rows',
          'seconds',
          'of which',
          'CPU µs a row',
          'by the first',
          'peak MB',
          'lake bytes a row',
          'most at once',
        ],
        rows: sizes.map((size) => [
          size.rows,
          round(size.seconds),
          size.stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)}`).join(', '),
          round(cost(size)),
          `${round(cost(size) / cost(least))} ×`,
          Math.round(size.peakBytes / 1e6),
          round(size.lakeBytes / size.rows),
          round(size.mostBytes / size.rows),
        ]),
      },
    ],
    figures: sizes.flatMap((size) => [
      ...(size === least ? [] : [costFigure(size, least)]),
      {
        name: `volume: peak memory at ${count(size.rows)} rows`,
        measured: size.peakBytes / 1e6,
        unit: 'MB',
        target: { atMost: MOST_MEGABYTES },
        detail: `input ${megabytes(size.inputBytes)}, lake ${megabytes(size.lakeBytes)}, most at once ${megabytes(size.mostBytes)}`,
      },
    ]),
  };
}

function costFigure(size: Size, least: Size): Figure {
  const ratio = cost(size) / cost(least);
  return {
    name: `volume: cost of a row at ${count(size.rows)} by ${count(least.rows)}`,
    measured: ratio,
    unit: '×',
    target: { atMost: MOST_COST },
    detail: `${ratio <= MOST_COST ? 'linear or better' : 'worse than linear'}: CPU ${cost(size).toFixed(2)} by ${cost(least).toFixed(2)} µs a row, ${Math.round(size.rows / size.seconds / 1000)} k rows/s`,
  };
}

/** CPU time of a row [µs]. */
function cost({ cpuSeconds, rows }: Size): number {
  return (cpuSeconds / rows) * 1e6;
}

function since(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
