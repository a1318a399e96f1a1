/** Start to end of `npm start -- --no-serve` on 40,000 bookings, packages installed, lake empty: with a training and without. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, median } from './figure.ts';

const ROWS = 40_000;
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));

try {
  const input = join(scratch, 'bookings.csv');
  laketwin(['exec', 'laketwin', '--', 'generate', '--rows', String(ROWS), '--out', input]);
  const seconds = (round: number, training: string) => {
    const started = performance.now();
    laketwin(['start', '--', '--no-serve', training, '--input', input, '--lake', join(scratch, `lake-${round}`)]);
    return (performance.now() - started) / 1000;
  };
  const figures: Figure[] = [
    {
      name: 'npm start on 40,000 rows, no training',
      measured: median([1, 2, 3].map((round) => seconds(round, '--no-train'))),
      unit: 's',
      target: { atMost: 5 },
      detail: 'wall time, npm and start of Node included, median of 3',
    },
    {
      name: 'npm start on 40,000 rows',
      measured: seconds(4, '--train'),
      unit: 's',
      target: { atMost: 60 },
      detail: 'wall time, with a reduced training of four models and all bookings scored',
    },
  ];
  console.log(JSON.stringify(figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function laketwin(args: readonly string[]): void {
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with status ${status}: ${stderr}`);
}
