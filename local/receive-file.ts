import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath, rm, utimes } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { erasedRawPrefix, listErasures } from '../core/lake/erasures.ts';
import { rawKey } from '../core/lake/keys.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { readEntry } from '../core/lake/read-ledger.ts';
import type { OnProgress } from '../core/ports.ts';
import type { FileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';

/** A file whose bytes lie in raw/. */
export interface Received {
  readonly name: string;
  /** SHA-256 (hex) of the bytes. */
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly rawKey: string;
  /** When the object was first put, so that a run which is repeated after a crash gives the same rows. */
  readonly receivedAt: Date;
  /** Where the bytes in raw/ are what an erasure has left of the file. */
  readonly erased?: Pick<LedgerEntry, 'erasedRows' | 'erasures'>;
  /** False for a file that someone else laid into raw/: it is not ours to remove. */
  readonly isOurs: boolean;
}

export interface ReceiveInput {
  readonly store: FileStore;
  readonly dataset: string;
  readonly path: string;
  readonly now: Date;
  readonly onProgress?: OnProgress;
}

/** Copies a file into raw/, once for the same bytes; gives the ledger entry instead where they were taken in before. */
export async function receiveFile(input: ReceiveInput): Promise<Received | LedgerEntry> {
  const source = await openInput(input.path);
  try {
    const inside = await keyInRaw(input.store, input.path);
    if (inside?.startsWith(erasedRawPrefix(input.dataset)))
      throw new Error(`the input ${input.path} is what was left of an object by an erasure: the lake has its rows`);
    return inside === undefined ? await receiveCopy(input, source) : await receiveInPlace(input, source, inside);
  } finally {
    await source.close();
  }
}

async function receiveInPlace(input: ReceiveInput, source: FileHandle, key: string): Promise<Received | LedgerEntry> {
  const { checksum, sizeBytes } = await digest(input, source, undefined);
  return (
    (await readEntry(input.store, input.dataset, checksum)) ??
    describe(input, { key, checksum, sizeBytes, isOurs: false })
  );
}

async function receiveCopy(input: ReceiveInput, source: FileHandle): Promise<Received | LedgerEntry> {
  const { store, dataset, now } = input;
  const copy = await inLake(store.root, () => store.scratch.path('raw'));
  try {
    const { checksum, sizeBytes } = await digest(input, source, copy);
    const entry = await readEntry(store, dataset, checksum);
    if (entry !== undefined) return entry;
    const earlier = await earlierCopy(store, dataset, checksum);
    const key = earlier ?? rawKey(dataset, checksum, basename(input.path));
    if (earlier === undefined) {
      await inLake(store.root, () => utimes(copy, now, now));
      await store.putFile('raw', key, copy, { ifNoneMatch: '*' });
    }
    const erased = earlier === undefined ? undefined : await erasedOf(input, earlier);
    return await describe(input, { key, checksum, sizeBytes, isOurs: true, ...(erased && { erased }) });
  } finally {
    await rm(copy, { force: true });
  }
}

async function describe(
  { store, path }: ReceiveInput,
  { key, ...rest }: Pick<Received, 'checksum' | 'sizeBytes' | 'isOurs' | 'erased'> & { readonly key: string },
): Promise<Received> {
  const info = await store.head('raw', key);
  if (info === undefined) throw new Error(`raw/${key} was removed while it was being taken in; run again`);
  return { ...rest, name: basename(path), rawKey: key, receivedAt: info.lastModified };
}

/** The same file in raw/, left by a run that was stopped or withdrawn, maybe under another name or partly erased. */
async function earlierCopy(store: FileStore, dataset: string, checksum: string): Promise<string | undefined> {
  for (const prefix of [`${dataset}/`, erasedRawPrefix(dataset)]) {
    for await (const { key } of store.list('raw', `${prefix}${checksum}/`)) return key;
  }
  return undefined;
}

/** What was erased of an object that lies in raw/; undefined where it is as it came. */
async function erasedOf(input: ReceiveInput, key: string): Promise<Received['erased']> {
  const { store, dataset } = input;
  const done = await listErasures(store, dataset);
  if (done.length === 0) return undefined;
  const object = await open(store.pathOf('raw', key), 'r');
  try {
    const { checksum: rawChecksum } = await digest(input, object, undefined);
    for (const { erasure, at, objects } of done) {
      const left = objects.find(({ rawChecksumAfter }) => rawChecksumAfter === rawChecksum);
      if (left !== undefined) return { erasedRows: left.rows, erasures: [{ erasure, at, rawChecksum }] };
    }
    return undefined;
  } finally {
    await object.close();
  }
}

/** Key of a file that lies in the lake's raw zone, however its path is written. */
async function keyInRaw(store: FileStore, path: string): Promise<string | undefined> {
  const zone = await realpath(join(store.root, 'raw')).catch(() => undefined);
  if (zone === undefined) return undefined;
  const way = relative(zone, await realpath(path));
  return way === '' || way === '..' || way.startsWith(`..${sep}`) ? undefined : way.split(sep).join('/');
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'is not there; check the path',
  ENOTDIR: 'is not there; check the path',
  EACCES: 'may not be read; give yourself read access',
  EISDIR: 'is a folder; name the files in it',
};

async function openInput(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
    throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  } catch (error) {
    const why = WHY[(error as NodeJS.ErrnoException).code ?? ''];
    throw why === undefined ? error : new Error(`the input ${path} ${why}`, { cause: error });
  }
}

/** Checksum of a file, which is read once and copied on the way. */
async function digest({ store, onProgress }: ReceiveInput, source: FileHandle, copy: string | undefined) {
  const hash = createHash('sha256');
  const totalBytes = (await source.stat()).size;
  const out = copy === undefined ? undefined : await inLake(store.root, () => open(copy, 'wx'));
  let sizeBytes = 0;
  try {
    for await (const chunk of source.createReadStream({ highWaterMark: 1024 * 1024, autoClose: false })) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      await inLake(store.root, async () => out?.writeFile(bytes));
      sizeBytes += bytes.length;
      onProgress?.({ bytes: sizeBytes, totalBytes, rows: 0 });
    }
  } finally {
    await out?.close();
  }
  return { checksum: hash.digest('hex'), sizeBytes };
}
