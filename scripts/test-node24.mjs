// The handlers run on nodejs24.x: runs their tests, and those of the core beneath them, under that Node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from './node24.mjs';

/** The rest needs the laptop's edge, which runs under the Node that started this. */
const TESTS = ['core/', 'lambdas/', 'datasets/', 'test/convert-', 'test/transform-'];

const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(node24(), [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...TESTS], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
