import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dialectSql } from '../../local/macros.ts';
import { ensurePython } from '../../local/python.ts';
import { node24 } from '../../scripts/node24.mjs';
import { ACCOUNT, REGION } from './place.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 5_000;
/** Characters of a line of the log that are shown. */
const LINE = 400;

/** What the launcher saw. */
export interface EmulatorNotes {
  /** Type of resources that got a name and nothing else, to their names. */
  readonly recorded: Readonly<Record<string, readonly string[]>>;
  /** Name of a role to the actions that it took. */
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  /** Name of a role to the actions, and on what, that it was refused. */
  readonly denied: Readonly<Record<string, readonly string[]>>;
}

/** MiniStack with our launcher, in a process and a folder of its own. */
export interface Emulator {
  readonly endpoint: string;
  /** For the process of a client: where the emulator is, and credentials that it takes. */
  readonly variables: Readonly<Record<string, string>>;
  /** A folder for whoever works with it; gone when it stops. */
  readonly folder: string;
  notes(): EmulatorNotes;
  /** The last lines of its log. */
  log(lines: number): string;
  stop(): Promise<void>;
}

/** Starts the emulator on a free port and waits until it answers. */
export async function startEmulator(): Promise<Emulator> {
  const python = ensurePython('test/emulator/requirements.txt');
  const folder = mkdtempSync(join(tmpdir(), 'laketwin-emulator-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // A function finds the SDK, which AWS has in its runtime, on the way up from the folder where its code is unpacked.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const notes = join(folder, 'notes.json');
  const macros = join(folder, 'macros.sql');
  writeFileSync(macros, dialectSql());
  const logFile = join(folder, 'emulator.log');
  const log = openSync(logFile, 'a');
  const variables = clientVariables(endpoint);
  const child = spawn(python, [join(ROOT, 'test/emulator/launcher/main.py')], {
    cwd: folder,
    // A group of its own: the functions are processes too, and end with it.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...variables,
      PATH: [dirname(python), dirname(node24()), process.env.PATH].join(delimiter),
      NODE_PATH: join(ROOT, 'node_modules'),
      TMPDIR: temporary,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: 'localhost',
      LAMBDA_EXECUTOR: 'local',
      ATHENA_ENGINE: 'duckdb',
      CLOUDTRAIL_RECORDING: '1',
      IOT_MTLS_ENABLED: '0',
      AUTH: 'true',
      // Machines wait between their tries; here nothing gets better by waiting.
      SFN_WAIT_SCALE: '0.01',
      PYTHONDONTWRITEBYTECODE: '1',
      LOG_LEVEL: 'INFO',
      LAKETWIN_NOTES: notes,
      LAKETWIN_MACROS: macros,
      LAKETWIN_SPARK_PYTHON: ensurePython('glue-scripts/requirements.txt'),
    },
  });
  closeSync(log);
  const tail = (lines: number) => lastLines(readFileSync(logFile, 'utf8'), lines);
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await answers(`${endpoint}/_ministack/health`, child);
  } catch (error) {
    const message = `${error instanceof Error ? error.message : error}\n${tail(20)}`;
    await stop();
    throw new Error(message);
  }
  return {
    endpoint,
    variables,
    folder,
    notes: () => ({
      ...{ recorded: {}, allowed: {}, denied: {} },
      ...(existsSync(notes) && (JSON.parse(readFileSync(notes, 'utf8')) as EmulatorNotes)),
    }),
    log: tail,
    stop,
  };
}

function clientVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    CI: 'true',
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with status ${child.exitCode}, its log:`);
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await pause(100);
  }
  throw new Error(`the emulator did not answer within ${START_MS / 1000} seconds, its log:`);
}

/** SIGTERM to the whole group, then SIGKILL to whatever of it is left. */
async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  signal(child, 'SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await Promise.race([ended, pause(STOP_MS)]);
  signal(child, 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await Promise.race([ended, pause(STOP_MS)]);
}

function signal({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // None of the group is left.
  }
}

function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((line) => (line.length > LINE ? `${line.slice(0, LINE)} …` : line)).join('\n');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
