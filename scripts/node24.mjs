// The Node of the Lambda runtime, nodejs24.x, whatever Node started this: from the package registry into .cache/, once.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '24.21.0';
const root = fileURLToPath(new URL('..', import.meta.url));

/** Path of the binary, installed first where it is missing. Throws a sentence that says what to install. */
export function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, '.cache', 'node24');
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  console.error(`installing ${name}@${VERSION} into .cache/ (once) …`);
  const installed = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${VERSION}`],
    { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
  );
  if (installed.status !== 0 || !existsSync(binary)) {
    throw new Error(`Node ${VERSION} could not be had: install Node 24 and run this with it`);
  }
  return binary;
}
