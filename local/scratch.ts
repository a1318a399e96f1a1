import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdentity, type ProcessIdentity, stateOf } from './process-identity.ts';

/** Age after which temporary files of a machine that cannot be asked are taken for left over: no run is as long. */
const FOREIGN_DAYS = 2;
const DAY_MS = 86_400_000;

let count = 0;

/** Temporary files in the lake's `.tmp` folder, on the same file system as its objects. Their names say whose they are. */
export class Scratch {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, '.tmp');
  }

  /** A path that no other process and no other call uses; nothing is there yet. */
  async path(label: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const { pid, start, machine } = ownIdentity();
    count += 1;
    return join(this.#folder, [pid, start, machine, count, label].join('.'));
  }

  /** An empty folder of its own, for the caller to remove. */
  async folder(label: string): Promise<string> {
    const path = await this.path(label);
    await mkdir(path);
    return path;
  }

  /** Removes what runs that are no more have left. Never throws: a lake that may only be read has nothing to sweep. */
  async sweep(now: Date): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      if (await isLeftOver(path, name, now)) await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}

async function isLeftOver(path: string, name: string, now: Date): Promise<boolean> {
  const owner = ownerOf(name);
  const state = owner === undefined ? 'unknown' : stateOf(owner);
  if (state !== 'unknown') return state === 'dead';
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && now.getTime() - info.mtimeMs > FOREIGN_DAYS * DAY_MS;
}

function ownerOf(name: string): ProcessIdentity | undefined {
  const [pid, start, machine] = name.split('.');
  if (!/^[0-9]+$/.test(pid ?? '') || start === undefined || machine === undefined) return undefined;
  return { pid: Number(pid), start, machine };
}
