import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './object-file.ts';

/** Keys below `folder` that start with `prefix`, in the order of their UTF-8 bytes. A folder that is not there is empty. */
export async function* listKeys(folder: string, prefix: string): AsyncGenerator<string> {
  const depth = prefix.lastIndexOf('/') + 1;
  yield* walk(folder, prefix.slice(0, depth), prefix);
}

async function* walk(folder: string, at: string, prefix: string): AsyncGenerator<string> {
  for (const { name, isFolder } of await children(join(folder, at))) {
    const key = at + name;
    if (isFolder) {
      // A key below this folder can match where one of the two is the beginning of the other.
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(folder, key, prefix);
    } else if (key.startsWith(prefix)) yield key;
  }
}

interface Child {
  /** With a `/` at its end for a folder, so that names sort as the keys below them do. */
  readonly name: string;
  readonly isFolder: boolean;
}

async function children(path: string): Promise<Child[]> {
  let found: Dirent[];
  try {
    found = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ name: entry.isDirectory() ? `${entry.name}/` : entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}
