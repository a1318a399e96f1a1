/** Size of the transform's bundle, and how long Node takes to load it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildLambdas } from '../build-lambdas.ts';
import { type Figure, median } from './figure.ts';

const ROUNDS = 11;
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));

try {
  const [bundle] = await buildLambdas(scratch, ['transform']);
  if (bundle === undefined) throw new Error('there is no bundle of the transform');
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(bundle.path).href)}); console.log(performance.now() - t);`;
  const buckets = {
    RAW_BUCKET: 'raw',
    PROCESSED_BUCKET: 'processed',
    CURATED_BUCKET: 'curated',
    REJECTED_BUCKET: 'rejected',
  };
  const environment = { ...process.env, ...buckets, DATASET: 'bookings', PSEUDONYM_KEY_PARAMETER: 'key' };
  const times = Array.from({ length: ROUNDS }, () => {
    const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: environment,
    });
    if (status !== 0) throw new Error(`the bundle does not load: ${stderr}`);
    return Number(stdout);
  });
  const figures: Figure[] = [
    {
      name: 'transform bundle',
      measured: bundle.sizeBytes / 1024,
      unit: 'KB',
      target: { atMost: 100 },
      detail: 'minified, the AWS SDK in the runtime',
    },
    {
      name: 'transform load',
      measured: median(times),
      unit: 'ms',
      target: { atMost: 10 },
      detail: `import in a new process, median of ${ROUNDS}`,
    },
  ];
  console.log(JSON.stringify(figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
