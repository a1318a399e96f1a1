import { link, mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ObjectInfo, type ObjectStore, PreconditionFailed, type PutOptions, type Zone } from '../core/ports.ts';
import { inLake } from './lake-unavailable.ts';
import { listKeys } from './list-keys.ts';
import { infoOf, objectInfo, openObject } from './object-file.ts';
import { checkKey, keyFault, objectPath } from './object-path.ts';
import { Scratch } from './scratch.ts';
import { moveFile, sync, writeSynced } from './write-file.ts';

/** An object store whose objects are files, for what needs a path. */
export interface FileStore extends ObjectStore {
  /** Absolute path of the lake. */
  readonly root: string;
  /** Temporary files on the same file system as the objects. */
  readonly scratch: Scratch;
  /** Where the object lies, or would lie. Throws for a key that is none. */
  pathOf(zone: Zone, key: string): string;
}

/**
 * Opens a lake in a folder, which is made at the first put: a zone is a folder, a key is a path in it.
 *
 * - A put is seen whole or not at all, and its bytes are on the disk before it is seen.
 * - `ifNoneMatch` is atomic between processes. `ifMatch` is so within this process only: a lake has one writer at a
 *   time, see `lockLake`.
 * - One key cannot be an object and also the beginning (`key/…`) of another, as it can on S3.
 *
 * Temporary files of dead runs are removed. Every method throws `LakeUnavailable` where the folder cannot be used.
 */
export async function openFileStore(root: string): Promise<FileStore> {
  const store = new FolderStore(resolve(root));
  await store.scratch.sweep(new Date());
  return store;
}

class FolderStore implements FileStore {
  readonly root: string;
  readonly scratch: Scratch;
  /** The conditional put under way for each path, so that compare and rename are one step. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.root = root;
    this.scratch = new Scratch(root);
  }

  pathOf(zone: Zone, key: string): string {
    return objectPath(this.root, zone, key);
  }

  async put(zone: Zone, key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ObjectInfo> {
    return this.#putVia(zone, key, options, (temporary) => writeSynced(temporary, body));
  }

  async putFile(zone: Zone, key: string, source: string, options: PutOptions = {}): Promise<ObjectInfo> {
    return this.#putVia(zone, key, options, async (temporary) => {
      await moveFile(source, temporary);
      await sync(temporary);
    });
  }

  async get(zone: Zone, key: string) {
    const path = this.pathOf(zone, key);
    return inLake(this.root, async () => {
      const file = await openObject(path, `${zone}/${key}`);
      return { info: objectInfo(key, await file.stat({ bigint: true })), body: file.createReadStream() };
    });
  }

  async head(zone: Zone, key: string): Promise<ObjectInfo | undefined> {
    const path = this.pathOf(zone, key);
    return inLake(this.root, () => infoOf(path, key));
  }

  async *list(zone: Zone, prefix: string): AsyncIterable<ObjectInfo> {
    const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
    if (folder !== '') checkKey(folder);
    const keys = listKeys(join(this.root, zone), prefix);
    for (;;) {
      const next = await inLake(this.root, () => keys.next());
      if (next.done) return;
      // A file that was laid there by hand under a name that no key can have is no object.
      const info = keyFault(next.value) === undefined ? await this.head(zone, next.value) : undefined;
      if (info !== undefined) yield info;
    }
  }

  async remove(zone: Zone, key: string): Promise<void> {
    const path = this.pathOf(zone, key);
    await inLake(this.root, async () => {
      if ((await infoOf(path, key)) === undefined) return;
      await rm(path, { force: true });
      await removeEmptyFolders(dirname(path), join(this.root, zone));
    });
  }

  async #putVia(
    zone: Zone,
    key: string,
    options: PutOptions,
    write: (path: string) => Promise<void>,
  ): Promise<ObjectInfo> {
    const path = this.pathOf(zone, key);
    return inLake(this.root, async () => {
      const temporary = await this.scratch.path('put');
      try {
        await write(temporary);
        await this.#place(temporary, path, `${zone}/${key}`, options);
      } finally {
        await rm(temporary, { force: true });
      }
      await sync(dirname(path));
      return objectInfo(key, await stat(path, { bigint: true }));
    });
  }

  async #place(temporary: string, path: string, name: string, { ifMatch, ifNoneMatch }: PutOptions): Promise<void> {
    if (ifMatch !== undefined) await this.#inTurn(path, () => replace(temporary, path, name, ifMatch));
    else if (ifNoneMatch === '*') await inFolder(path, () => linkNew(temporary, path, name));
    else await inFolder(path, () => rename(temporary, path));
  }

  async #inTurn(path: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(path) ?? Promise.resolve()).then(work);
    const over = turn.catch(() => {});
    this.#turns.set(path, over);
    await over;
    if (this.#turns.get(path) === over) this.#turns.delete(path);
    return turn;
  }
}

/** A hard link is the one step that both makes a name and fails where the name is taken. */
async function linkNew(temporary: string, path: string, name: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new PreconditionFailed(`there is an object ${name} already`);
  }
}

async function replace(temporary: string, path: string, name: string, etag: string): Promise<void> {
  const found = (await infoOf(path, name))?.etag;
  if (found !== etag) throw new PreconditionFailed(`${name} has the etag ${found ?? '(no object)'}, expected ${etag}`);
  await rename(temporary, path);
}

/** Makes the folder first, and again where a remove took it away in between. */
async function inFolder(path: string, work: () => Promise<void>, attempts = 5): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 1) throw error;
    await inFolder(path, work, attempts - 1);
  }
}

/** S3 has no folders: one that holds nothing is not there. */
async function removeEmptyFolders(folder: string, zone: string): Promise<void> {
  if (folder === zone) return;
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  await removeEmptyFolders(dirname(folder), zone);
}
