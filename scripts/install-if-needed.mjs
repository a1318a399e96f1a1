// Runs on bare Node, before anything is installed: brings node_modules up to the lockfile and says so.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

/** Installs the packages of the lockfile unless they are there already; ends the process with a sentence if it cannot. */
export function installIfNeeded() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    fail(`Laketwin needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}: install a newer Node`);
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  const installed = `${root}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs) return;
  console.error('installing the packages of package-lock.json (once, under a minute) …');
  const started = Date.now();
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail("'npm ci' failed: see its message above, then run the same command again");
  console.error(`installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
