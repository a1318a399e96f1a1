/** Starts another program and takes what it prints. */
import { spawn } from 'node:child_process';

/**
 * Standard output of a program that ended with one of the codes `fine`. Throws a sentence with the last it said where it
 * could not be started or ended otherwise: a scanner that fell over has found nothing because it looked at nothing.
 */
export function runTool(command: string, args: readonly string[], fine: readonly number[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code !== null && fine.includes(code)) return resolve(Buffer.concat(out).toString('utf8'));
      const said = Buffer.concat([...out, ...err])
        .toString('utf8')
        .trim()
        .split('\n')
        .slice(-3)
        .join(' / ');
      reject(new Error(`ended with ${signal ?? code}, expected one of ${fine.join(', ')}: ${said.slice(-500)}`));
    });
  });
}
