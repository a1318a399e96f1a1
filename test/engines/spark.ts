/** Spark as Glue 5.1 has it: PySpark 3.5.6 on Java 17, on this machine. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../../local/python.ts';

const SCRIPTS = fileURLToPath(new URL('../../glue-scripts/', import.meta.url));
const JOBS = fileURLToPath(new URL('spark_jobs.py', import.meta.url));
const DEBIAN_JAVA = '/usr/lib/jvm';

/** Settings of the machine only; what the answers hang on is set by the scripts themselves. */
const SUBMIT = [
  '--master local[2] --driver-memory 1g',
  '--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false',
  '--conf spark.ui.showConsoleProgress=false --conf spark.sql.shuffle.partitions=2',
  // A zone that is far from UTC: an answer that hangs on the machine's own would be another one.
  '--conf "spark.driver.extraJavaOptions=-Duser.timezone=Asia/Tokyo -XX:TieredStopAtLevel=1"',
  'pyspark-shell',
].join(' ');

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface Job {
  readonly ended: Promise<Outcome>;
  isRunning(): boolean;
  /** Kills Python and the Java that it started, at once. */
  kill(): void;
}

/** Starts `python <arguments>` in the folder of the Glue scripts, with Spark and Java 17. */
export function startSpark(args: readonly string[]): Job {
  const child = spawn(sparkPython(), [...args], {
    cwd: SCRIPTS,
    env: sparkEnv(),
    // A group of its own, so that both processes can be killed at once.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((done, fail) => child.once('close', done).once('error', fail));
  return {
    ended: ended.then((status) => ({ status, output: output(), errors: errors() })),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

/** A Spark that stays, for many jobs in turn: to start one takes longer than a small job. */
export interface SparkJobs {
  /** Runs a script of the folder of the Glue scripts with its arguments, as Glue starts it. */
  run(args: readonly string[]): Promise<Outcome>;
  close(): void;
}

export function openSpark(): SparkJobs {
  const child = spawn(sparkPython(), [JOBS], { cwd: SCRIPTS, env: sparkEnv(), stdio: ['pipe', 'pipe', 'pipe'] });
  const errors = collect(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async run(args) {
      child.stdin.write(`${JSON.stringify(args)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`Spark ended before the job did: ${errors().slice(-2000)}`);
      return JSON.parse(value) as Outcome;
    },
    close: () => child.kill(),
  };
}

function sparkPython(): string {
  return ensurePython('glue-scripts/requirements.txt');
}

function sparkEnv(): NodeJS.ProcessEnv {
  javaHome ??= findJava17([process.env.JAVA_HOME, ...debianJavas(), homeOfPath()]);
  return {
    ...process.env,
    JAVA_HOME: javaHome,
    PYSPARK_SUBMIT_ARGS: SUBMIT,
    PYTHONPATH: SCRIPTS,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

let javaHome: string | undefined;

/** The first of some folders that is a Java 17. Throws one sentence that says what to install where none is. */
export function findJava17(folders: readonly (string | undefined)[]): string {
  const found = folders.find((folder) => folder !== undefined && isJava17(folder));
  if (found !== undefined) return found;
  throw new Error(
    'Spark needs Java 17, and none was found: on Debian apt-get install openjdk-17-jre-headless, or set JAVA_HOME',
  );
}

function debianJavas(): string[] {
  if (!existsSync(DEBIAN_JAVA)) return [];
  return readdirSync(DEBIAN_JAVA).map((name) => join(DEBIAN_JAVA, name));
}

function homeOfPath(): string | undefined {
  const { stderr } = spawnSync('java', ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  return /java\.home = (.+)/.exec(stderr ?? '')?.[1];
}

function isJava17(home: string): boolean {
  const { stderr } = spawnSync(join(home, 'bin', 'java'), ['-version'], { encoding: 'utf8' });
  return /version "17\./.test(stderr ?? '');
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
