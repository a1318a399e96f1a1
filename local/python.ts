/** A Python with pinned packages, in `.venv` of the project; made on first use. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Written last, so a folder that holds it is whole. */
const INSTALLED = 'installed.txt';

/**
 * Path of an interpreter that has the packages of `requirements`, a path from the root such as `ml/requirements.txt`:
 * each such file has an environment of its own, for tools that pin one another's packages do not agree.
 * Throws one sentence that says what to install where Python or its venv module is missing.
 */
export function ensurePython(requirements: string, folder: string = folderOf(requirements)): string {
  const wanted = readFileSync(join(ROOT, requirements), 'utf8');
  if (installedIn(folder) !== wanted) install(requirements, wanted, folder);
  return pythonOf(folder);
}

function folderOf(requirements: string): string {
  return join(ROOT, '.venv', dirname(requirements).replaceAll(/[\\/]/g, '-'));
}

/** Builds beside and renames, so that several processes may start at once and a torn installation is never used. */
function install(requirements: string, wanted: string, folder: string): void {
  const fresh = `${folder}-${process.pid}`;
  const old = `${fresh}-old`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    run('python3', ['-m', 'venv', fresh], 'python3 with its venv module is missing');
    const packages = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    run(pythonOf(fresh), packages, `pip could not install ${requirements}`);
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
