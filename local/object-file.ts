import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { NoSuchObject, type ObjectInfo } from '../core/ports.ts';

/** What the store says of a file. A put always makes another file, so inode, time and size change with the bytes. */
export function objectInfo(key: string, { size, mtimeNs, ino }: BigIntStats): ObjectInfo {
  return {
    key,
    sizeBytes: Number(size),
    etag: `${size.toString(36)}-${mtimeNs.toString(36)}-${ino.toString(36)}`,
    lastModified: new Date(Number((mtimeNs + 500_000n) / 1_000_000n)),
  };
}

/** Undefined where there is no such file. */
export async function infoOf(path: string, key: string): Promise<ObjectInfo | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile() ? objectInfo(key, found) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Opens an object for reading; throws `NoSuchObject` under the given name. */
export async function openObject(path: string, name: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new NoSuchObject(`there is no object ${name}`);
}

/** Whether an error says that nothing is there. A path below a file is missing as well: an object is no folder. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
