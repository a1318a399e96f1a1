/** Start to end of `npm start -- --no-serve` on a file of 40,000 bookings, packages installed, lake empty. */
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
  const seconds = [1, 2, 3].map((round) => {
    const started = performance.now();
    laketwin(['start', '--', '--no-serve', '--input', input, '--lake', join(scratch, `lake-${round}`)]);
    return (performance.now() - started) / 1000;
  });
  const figure: Figure = {
    name: 'npm start on 40,000 rows',
    measured: median(seconds),
    unit: 's',
    target: { atMost: 5 },
    detail: 'wall time, npm and start of Node included, median of 3',
  };
  console.log(JSON.stringify([figure]));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function laketwin(args: readonly string[]): void {
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with status ${status}: ${stderr}`);
}
