import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type CreateReadableOptions,
  type Entry,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_OVERLAPPING_ENTRY,
  ERR_UNSAFE_FILENAME,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-reader.js';
import { RefusedObject } from '../refused-object.ts';
import { MOST } from './limits.ts';

/** The parts of a zip, which are only read: no name of a part ever becomes a path. */
export interface Package {
  /** In any letter case. */
  has(name: string): boolean;
  /** Content of a part; throws `RefusedObject` where it is not there, is damaged, or grows beyond the limits. */
  read(name: string, mostBytes: number): AsyncGenerator<Buffer>;
  /** Compressed bytes of parts read so far. */
  bytesRead(): number;
  readonly sizeBytes: number;
  close(): Promise<void>;
}

/** What of a part is checked when it is read: nothing may be read in two ways. */
const CHECKS = {
  strictness: 'strict',
  checkCrc32: true,
  useWebWorkers: false,
  useCompressionStream: true,
} as const;

/** Opens a zip by its list of parts at the end; throws `RefusedObject` where another reader could see other parts. */
export async function openPackage(path: string): Promise<Package> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MOST.fileBytes) {
      throw new RefusedObject(`a workbook of more than ${MOST.fileBytes} bytes, the limit: save the sheet as csv`);
    }
    const parts = await refusing(() => listParts(file, size));
    let bytesRead = 0;
    return {
      has: (name) => parts.has(name.toLowerCase()),
      read(name, mostBytes) {
        const part = parts.get(name.toLowerCase());
        if (part === undefined) throw new RefusedObject(`a workbook without its part ${name}: save it again`);
        return readPart(part, mostBytes, (bytes) => {
          bytesRead += bytes;
        });
      },
      bytesRead: () => bytesRead,
      sizeBytes: size,
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function listParts(file: FileHandle, size: number): Promise<ReadonlyMap<string, FileEntry>> {
  const zip = new ZipReader(randomAccess(file, size), CHECKS);
  const parts = new Map<string, FileEntry>();
  for await (const entry of zip.getEntriesGenerator()) {
    if (parts.size >= MOST.parts) throw new RefusedObject(`a zip of more than ${MOST.parts} parts, the limit`);
    if (entry.directory) continue;
    const name = entry.filename.toLowerCase();
    if (parts.has(name)) throw new RefusedObject('a zip that holds a part twice: save the workbook again');
    refuseOddEntry(entry);
    parts.set(name, entry);
  }
  for (const part of parts.values())
    await part.getData(new WritableStream(), { ...CHECKS, checkOverlappingEntryOnly: true });
  return parts;
}

const CHUNK_BYTES = 64 * 1024;
const FILE_TYPE_MASK = 0o170000;
const REGULAR = 0o100000;

function refuseOddEntry(entry: Entry): void {
  if (entry.encrypted) throw new RefusedObject(PASSWORD);
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK;
  const isFromUnix = entry.versionMadeBy >> 8 === 3;
  if (isFromUnix && type !== 0 && type !== REGULAR) {
    throw new RefusedObject('a zip with a link or a device in it, which no workbook has: save the workbook again');
  }
}

/** A file as the reader of zips wants it. */
function randomAccess(file: FileHandle, size: number) {
  const readUint8Array = async (index: number, length: number): Promise<Uint8Array> => {
    const wanted = Math.max(0, Math.min(length, size - index));
    const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, index);
    return buffer.subarray(0, bytesRead);
  };
  const createReadable = ({ offset = 0, size: length = size - offset }: CreateReadableOptions = {}) => {
    let at = offset;
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const chunk = await readUint8Array(at, Math.min(CHUNK_BYTES, offset + length - at));
        at += chunk.length;
        if (chunk.length === 0) controller.close();
        else controller.enqueue(chunk);
      },
    });
  };
  return { size, readUint8Array, createReadable, readable: createReadable() };
}

async function* readPart(
  part: FileEntry,
  mostBytes: number,
  onRead: (compressed: number) => void,
): AsyncGenerator<Buffer> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stop = new AbortController();
  const filling = part.getData(writable, { ...CHECKS, signal: stop.signal });
  filling.catch(() => {}); // the reader hears of it
  let total = 0;
  try {
    const chunks = readable.values();
    for (;;) {
      const next = await refusing(() => chunks.next());
      if (next.done === true) break;
      total += next.value.length;
      refuseBeyond(total, part.compressedSize, mostBytes);
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    await refusing(() => filling);
    onRead(part.compressedSize);
  } finally {
    stop.abort();
    await filling.catch(() => {});
  }
}

function refuseBeyond(total: number, compressed: number, mostBytes: number): void {
  if (total > mostBytes) {
    throw new RefusedObject(`a part of the workbook grows beyond ${mostBytes} bytes, the limit: save the sheet as csv`);
  }
  if (total - MOST.ratioFreeBytes > MOST.ratio * compressed) {
    throw new RefusedObject(
      `a part of the workbook grows beyond ${MOST.ratio} times its size, as a decompression bomb does: save the sheet as csv if it is real`,
    );
  }
}

const PASSWORD = 'a workbook with a password: save it without one, or as csv';

/** What the reader of zips says, and what the sender should do about it. */
const SENTENCES: Readonly<Record<string, string>> = {
  [ERR_UNSAFE_FILENAME]: 'a zip with a part whose name leads outside of it, as an attack does: save the workbook again',
  [ERR_OVERLAPPING_ENTRY]: 'a zip whose parts overlap, as those of a decompression bomb do: save the workbook again',
  [ERR_AMBIGUOUS_ARCHIVE]:
    'a zip that can be read in two ways, as an attack or a repair leaves it: save the workbook again',
  [ERR_ENCRYPTED]: PASSWORD,
  [ERR_UNSUPPORTED_ENCRYPTION]: PASSWORD,
  [ERR_ENCRYPTED_CENTRAL_DIRECTORY]: PASSWORD,
  [ERR_UNSUPPORTED_COMPRESSION]: 'a zip that is compressed in a way that no workbook is: save the workbook again',
};

/** Tells the sender what the reader of zips found; a fault of this machine's disk is not the sender's. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedObject || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    const { message } = error as Error;
    throw new RefusedObject(SENTENCES[message] ?? 'a damaged or torn zip: send the workbook again', { cause: error });
  }
}
