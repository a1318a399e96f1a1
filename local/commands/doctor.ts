import { spawnSync } from 'node:child_process';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { findChromium } from '../reports/find-chromium.ts';
import { renderTable } from '../terminal/table.ts';

export interface DoctorOptions {
  readonly lake: string;
  readonly json?: boolean;
}

interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'missing' | 'optional';
  readonly found: string;
  /** What to do; empty where all is well. */
  readonly advice: string;
}

const LEAST_FREE_BYTES = 2 * 1024 ** 3;

/** Says what is installed, what is missing and what to do; fails only on what `run` needs. */
export async function doctor(options: DoctorOptions): Promise<ExitStatus> {
  const findings = [
    node(),
    await duckdb(),
    await lakeFolder(options.lake),
    await diskSpace(options.lake),
    await browser(),
    tool('python3', ['--version'], 'needed by train and by npm test: install python3 and python3-venv'),
    tool('java', ['-version'], 'needed by npm test, for Spark: install a Java 17'),
    tool('mvn', ['--version'], 'needed by npm test, which fetches Trino with it: install Maven'),
  ];
  const failed = findings.some(({ state }) => state === 'missing');
  if (options.json) console.log(JSON.stringify({ ok: !failed, findings }, null, 2));
  else {
    const rows = findings.map(({ part, state, found, advice }) => [part, state, found, advice]);
    console.log(renderTable(['part', 'state', 'found', 'what to do'], rows));
    console.log(failed ? 'something that `run` needs is missing' : 'all that `run` needs is here');
  }
  return failed ? EXIT.failed : EXIT.done;
}

function node(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 20;
  const advice = ok ? '' : 'install Node 20 or later';
  return { part: 'Node', state: ok ? 'ok' : 'missing', found: process.versions.node, advice };
}

async function duckdb(): Promise<Finding> {
  try {
    const { version } = await import('@duckdb/node-api');
    return { part: 'DuckDB', state: 'ok', found: version(), advice: '' };
  } catch (error) {
    const advice = `no DuckDB for ${process.platform} ${process.arch}: run npm ci again (${String(error).split('\n')[0]})`;
    return { part: 'DuckDB', state: 'missing', found: 'nothing', advice };
  }
}

async function browser(): Promise<Finding> {
  try {
    return { part: 'Chromium', state: 'ok', found: await findChromium(), advice: '' };
  } catch (error) {
    return { part: 'Chromium', state: 'optional', found: 'nothing', advice: String((error as Error).message) };
  }
}

async function lakeFolder(lake: string): Promise<Finding> {
  const path = resolve(lake);
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
    await access(path, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    return { part: 'lake folder', state: 'ok', found: lake, advice: '' };
  } catch {
    const advice = 'it cannot be written to: choose another with --lake, or mend its permissions';
    return { part: 'lake folder', state: 'missing', found: lake, advice };
  }
}

async function diskSpace(lake: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dirname(resolve(lake)));
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  if (free >= LEAST_FREE_BYTES) return { part: 'disk', state: 'ok', found, advice: '' };
  return { part: 'disk', state: 'missing', found, advice: 'a run wants 2 GiB: free some, or choose another --lake' };
}

function tool(name: string, args: readonly string[], advice: string): Finding {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status === 0) {
    const found = (stdout || stderr).split('\n')[0]?.trim() ?? '';
    return { part: name, state: 'ok', found, advice: '' };
  }
  return { part: name, state: 'optional', found: 'nothing', advice };
}
