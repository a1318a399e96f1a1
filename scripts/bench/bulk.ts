/**
 * A file of generated bookings from CSV.GZ to the curated table, with all checks, ledger and manifest, against DuckDB's
 * bare COPY of the same file to Parquet. Each side runs in a process of its own, whose peak memory is read at its end.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import { type Figure, median } from './figure.ts';

const ROWS = 5_000_000;
const FEW_ROWS = ROWS / 10;
const ROUNDS = 3;

interface Side {
  readonly seconds: number;
  readonly peakMiB: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));
try {
  const few = await file('few.csv.gz', FEW_ROWS);
  const many = await file('many.csv.gz', ROWS);
  const runs = Array.from({ length: ROUNDS }, (_, round) => ({
    copy: side('copy', many, `copy-${round}`),
    lake: side('lake', many, `lake-${round}`),
  }));
  const small = side('lake', few, 'lake-few');
  const ours = median(runs.map(({ lake }) => lake.seconds));
  const copy = median(runs.map((run) => run.copy.seconds));
  const peak = Math.max(...runs.map(({ lake }) => lake.peakMiB));
  const rate = `${Math.round(ROWS / ours / 1000)} k rows/s`;
  const figures: Figure[] = [
    {
      name: '5 million rows to curated against COPY',
      measured: ours / copy,
      unit: '×',
      target: { atMost: 2.5 },
      detail: `wall time: ours ${ours.toFixed(2)} s (${rate}), bare COPY ${copy.toFixed(2)} s, median of ${ROUNDS}`,
    },
    {
      name: 'peak memory at 5 million rows',
      measured: (peak * 1024 ** 2) / 1e6,
      unit: 'MB',
      target: { atMost: 600 },
      detail: `largest of ${ROUNDS}; bare COPY ${Math.round((Math.max(...runs.map((run) => run.copy.peakMiB)) * 1024 ** 2) / 1e6)} MB`,
    },
    {
      name: 'peak memory, ten times the rows',
      measured: peak / small.peakMiB,
      unit: '×',
      target: { atMost: 1.5 },
      detail: `${FEW_ROWS.toLocaleString('en')} rows ${Math.round(small.peakMiB)} MiB, ${ROWS.toLocaleString('en')} rows ${Math.round(peak)} MiB`,
    },
  ];
  console.log(JSON.stringify(figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function file(name: string, rows: number): Promise<string> {
  const out = join(scratch, name);
  await generateFile({ dataset: datasetNamed('bookings'), rows, out, seed: 1 });
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
