import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells one process from every other one, also from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's ticks since boot; empty where the system does not say (not Linux). */
  readonly start: string;
  /** Of this machine since its last boot, or of one container. */
  readonly machine: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, start: statOf(process.pid)?.start ?? '', machine: machineId() };
  return own;
}

/** `unknown` for a process of another machine or container, which cannot be asked. */
export function stateOf({ pid, start, machine }: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (machine !== ownIdentity().machine) return 'unknown';
  if (!answersSignal(pid)) return 'dead';
  const now = statOf(pid);
  if (now === undefined || start === '') return 'alive';
  return now.start === start && !now.isZombie ? 'alive' : 'dead';
}

/** Signal 0 is not delivered: it only asks whether the process is there. */
function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function statOf(pid: number): { readonly start: string; readonly isZombie: boolean } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in brackets and may hold anything, brackets included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { start: fields[19] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' };
}

/** A reboot makes another machine of it: no process outlives one, and pids begin anew. */
function machineId(): string {
  const boot = read('/proc/sys/kernel/random/boot_id') ?? '';
  return createHash('sha256').update(`${hostname()}\n${boot}`).digest('hex').slice(0, 12);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
