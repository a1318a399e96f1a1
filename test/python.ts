/** A Python with the pinned packages of test/requirements.txt, in `.venv` of the project; made on first use. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.venv');
/** Written last, so a folder that holds it is whole. */
const INSTALLED = 'installed.txt';

/** Path of the interpreter. Throws one sentence that says what to install where Python or its venv module is missing. */
export function ensurePython(folder: string = FOLDER): string {
  const wanted = readFileSync(join(ROOT, 'test', 'requirements.txt'), 'utf8');
  if (installedIn(folder) !== wanted) install(wanted, folder);
  return pythonOf(folder);
}

/** Builds beside and renames, so that several test files may start at once and a torn installation is never used. */
function install(wanted: string, folder: string): void {
  const fresh = `${folder}-${process.pid}`;
  const old = `${fresh}-old`;
  try {
    run('python3', ['-m', 'venv', fresh], 'python3 with its venv module is missing');
    const packages = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'test/requirements.txt'];
    run(pythonOf(fresh), packages, 'pip could not install test/requirements.txt');
    writeFileSync(join(fresh, INSTALLED), wanted);
    if (installedIn(folder) === wanted) return;
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], problem: string): void {
  try {
    execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stderr = '', message = '' } = error as { stderr?: Buffer | string; message?: string };
    const found = (`${stderr}`.trim() || message).split('\n').at(-1);
    const remedy = 'install Python 3.10 or later with venv and pip, on Debian: apt-get install python3 python3-venv';
    throw new Error(`${problem} (${found}): ${remedy}`);
  }
}

function installedIn(folder: string): string | undefined {
  const marker = join(folder, INSTALLED);
  return existsSync(marker) && existsSync(pythonOf(folder)) ? readFileSync(marker, 'utf8') : undefined;
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
