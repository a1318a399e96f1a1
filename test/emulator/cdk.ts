import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Emulator } from './emulator.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A custom resource that never answers would hang a deployment for ever. */
const LIMIT_SECONDS = 120;

/** Runs the CDK's ordinary command line against the emulator and returns what it said. Throws that where it fails. */
export function cdk(emulator: Emulator, args: readonly string[]): Promise<string> {
  const all = [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--no-color'];
  const child = spawn(process.execPath, all, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      ...emulator.variables,
      // The command line remembers the account of a key, here and not in the home folder.
      CDK_HOME: join(emulator.folder, 'cdk-home'),
      // Synth has a gate of its own; this is about deploying.
      CDK_VALIDATION: 'false',
    },
  });
  let said = '';
  const listen = (chunk: Buffer) => {
    said += chunk;
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', kill);
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      said += `\nstopped after ${LIMIT_SECONDS} seconds`;
      kill();
    }, LIMIT_SECONDS * 1000);
    child.once('error', fail);
    child.once('close', (status) => {
      clearTimeout(timer);
      process.off('exit', kill);
      if (status === 0) done(said);
      else fail(new Error(`cdk ${args.join(' ')} ended with status ${status}:\n${lastLines(said, 40)}`));
    });
  });
}

function lastLines(text: string, lines: number): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
