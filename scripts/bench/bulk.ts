/**
 * A file of generated bookings from CSV.GZ to the curated table, with all checks, ledger and manifest, against DuckDB's
 * bare COPY of the same file to Parquet. Each side runs in a process of its own, whose peak memory is read at its end.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generator } from '../../datasets/bookings/generate.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import { type Figure, median } from './figure.ts';

const ROWS = 5_000_000;
const FEW_ROWS = ROWS / 10;
const ROUNDS = 3;
const bookingColumns = generator.defaultColumns;

interface Side {
  readonly seconds: number;
  readonly peakMiB: number;
}

/** The columns of the public airline file, and what the generator adds to them: customers, to be pseudonymised, and times. */
const SHAPES = [
  { name: 'as the public file has them', columns: bookingColumns.slice(0, 14) },
  { name: 'with customers and times', columns: bookingColumns },
];

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));
try {
  const figures: Figure[] = [];
  for (const shape of SHAPES) figures.push(...(await measure(shape)));
  console.log(JSON.stringify(figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measure({ name, columns }: (typeof SHAPES)[number]): Promise<Figure[]> {
  const few = await file('few.csv.gz', FEW_ROWS, columns);
  const many = await file('many.csv.gz', ROWS, columns);
  const runs = Array.from({ length: ROUNDS }, (_, round) => ({
    copy: side('copy', many, `copy-${round}`),
    lake: side('lake', many, `lake-${round}`),
  }));
  const small = side('lake', few, 'lake-few');
  const ours = median(runs.map(({ lake }) => lake.seconds));
  const copy = median(runs.map((run) => run.copy.seconds));
  const ratio = median(runs.map((run) => run.lake.seconds / run.copy.seconds));
  const peak = Math.max(...runs.map(({ lake }) => lake.peakMiB));
  const copyPeak = Math.max(...runs.map((run) => run.copy.peakMiB));
  const megabytes = (mebibytes: number) => (mebibytes * 1024 ** 2) / 1e6;
  const rate = `${Math.round(ROWS / ours / 1000)} k rows/s`;
  return [
    {
      name: `5 million bookings ${name}, to curated, against COPY`,
      measured: ratio,
      unit: '×',
      target: { atMost: 2.5 },
      detail: `wall time: ours ${ours.toFixed(2)} s (${rate}), bare COPY ${copy.toFixed(2)} s, median of ${ROUNDS} pairs`,
    },
    {
      name: `their peak memory`,
      measured: megabytes(peak),
      unit: 'MB',
      target: { atMost: 600 },
      detail: `largest of ${ROUNDS}; bare COPY ${megabytes(copyPeak).toFixed(0)} MB`,
    },
    {
      name: 'their peak memory against a tenth of the rows',
      measured: peak / small.peakMiB,
      unit: '×',
      target: { atMost: 1.5 },
      detail: `${FEW_ROWS.toLocaleString('en')} rows ${megabytes(small.peakMiB).toFixed(0)} MB, ${ROWS.toLocaleString('en')} rows ${megabytes(peak).toFixed(0)} MB`,
    },
  ];
}

async function file(name: string, rows: number, columns: readonly string[]): Promise<string> {
  const out = join(scratch, name);
  await generateFile({ dataset: datasetNamed('bookings'), rows, out, seed: 1, columns });
  return out;
}

function side(what: 'copy' | 'lake', input: string, name: string): Side {
  const folder = join(scratch, name);
  const child = fileURLToPath(new URL('bulk-side.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', child, what, input, folder], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error(`the side '${what}' ended with status ${status}: ${stderr}`);
  return JSON.parse(stdout) as Side;
}
