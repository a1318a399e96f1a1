import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  /** What it has written to standard output so far. */
  readonly output: () => string;
  /** Resolves when it has written this, rejects when it ends without. */
  readonly says: (words: string) => Promise<void>;
  /** Resolves when it has ended, with its standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly errors: string }>;
}

/** Starts a TypeScript file beside this one in a Node process of its own; `shell` runs before, in the same process. */
export function startChild(file: string, args: readonly string[], shell = ''): Child {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const command = [process.execPath, '--import', import.meta.resolve('tsx'), script, ...args];
  const started = spawn('sh', ['-c', `${shell} exec "$@"`, 'sh', ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  started.stdout.on('data', (chunk) => {
    output += chunk;
  });
  started.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(started, 'close').then(([code, signal]) => ({ code, signal, errors }));
  const says = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(words) && resolve();
      started.stdout.on('data', look);
      look();
      ended.then((end) => reject(new Error(`the child ended before it said '${words}': ${JSON.stringify(end)}`)));
    });
  return { process: started, output: () => output, says, ended };
}
