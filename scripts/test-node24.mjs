// The handlers run on nodejs24.x: runs their tests, and those of the core beneath them, under that Node, whatever Node
// started this. The binary comes from the package registry into .cache/, once.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '24.21.0';
/** The rest needs the laptop's edge, which runs under the Node that started this. */
const TESTS = ['core/', 'lambdas/', 'datasets/', 'test/convert-', 'test/transform-'];

const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(node24(), [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...TESTS], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

/** Path of the binary, installed first where it is missing. */
function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, '.cache', 'node24');
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  console.log(`installing ${name}@${VERSION} into .cache/ (once) …`);
  const installed = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${VERSION}`],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (installed.status !== 0 || !existsSync(binary)) {
    console.error(`Node ${VERSION} could not be had: install Node 24 and run npm test with it`);
    process.exit(1);
  }
  return binary;
}
