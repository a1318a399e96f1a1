import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inLake } from './lake-unavailable.ts';
import { ownIdentity, type ProcessIdentity, stateOf } from './process-identity.ts';
import { Scratch } from './scratch.ts';
import { writeSynced } from './write-file.ts';

/** Another run is writing to the lake. */
export class LakeInUse extends Error {
  override readonly name = 'LakeInUse';
}

interface Holder extends ProcessIdentity {
  /** When the lock was taken (ISO, UTC). */
  readonly since: string;
  /** Makes every taking of the lock another text. */
  readonly nonce: string;
}

/**
 * Makes this process the one writer of a lake, until `release` is called. A lock that a dead process left is taken over.
 *
 * Throws `LakeInUse` where another process, or this one, holds it, and `LakeUnavailable` where the folder cannot be
 * written to.
 */
export async function lockLake(root: string): Promise<() => Promise<void>> {
  const lake = resolve(root);
  return inLake(lake, async () => {
    await mkdir(lake, { recursive: true });
    return acquire(lake, join(lake, '.lock'));
  });
}

async function acquire(lake: string, path: string): Promise<() => Promise<void>> {
  for (;;) {
    const mine = await take(lake, path);
    if (mine !== undefined) return () => release(path, mine);
    const held = await readIfThere(path);
    if (held === undefined) continue;
    if (stateOf(holderIn(held, path)) !== 'dead') throw inUse(lake, path, holderIn(held, path));
    await clear(lake, path, held);
  }
}

/** Makes the lock file, whole and at once; undefined where it is there already. */
async function take(lake: string, path: string): Promise<string | undefined> {
  const holder: Holder = { ...ownIdentity(), since: new Date().toISOString(), nonce: randomUUID() };
  const text = `${JSON.stringify(holder)}\n`;
  const temporary = await new Scratch(lake).path('lock');
  try {
    await writeSynced(temporary, text);
    await link(temporary, path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Removes the lock of a dead process. Of several that find it, one at a time may: it holds a second lock, named after
 * the text of the first, while it looks again and removes. So a lock that was taken meanwhile is never removed, and a
 * process that dies in here is cleared away in the same manner.
 */
async function clear(lake: string, path: string, dead: string): Promise<void> {
  const name = createHash('sha256').update(dead).digest('hex').slice(0, 12);
  const done = await acquire(lake, `${path}-${name}`);
  try {
    if ((await readIfThere(path)) === dead) await rm(path, { force: true });
  } finally {
    await done();
  }
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readIfThere(path)) === mine) await rm(path, { force: true });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function holderIn(text: string, path: string): Holder {
  try {
    const holder = JSON.parse(text) as Holder;
    if (Number.isInteger(holder.pid) && holder.pid > 0) return holder;
  } catch {
    // Reported below: the file was not written by Laketwin.
  }
  throw new LakeInUse(`the lock ${path} is unreadable; make sure that no run is going on and remove it`);
}

function inUse(lake: string, path: string, holder: Holder): LakeInUse {
  const run = `in use by another run (process ${holder.pid} since ${holder.since})`;
  const advice =
    stateOf(holder) === 'alive'
      ? 'wait for it or use another --lake'
      : `on another machine or container; wait for it, or remove ${path} if it is no more, or use another --lake`;
  return new LakeInUse(`the lake ${lake} is ${run}${stateOf(holder) === 'alive' ? ';' : ''} ${advice}`);
}
