/** The lake's folder cannot be used as it is. The message says which folder, why, and what to do. */
export class LakeUnavailable extends Error {
  override readonly name = 'LakeUnavailable';
}

const READ_ONLY = 'may not be written to; give yourself write access to it or choose another folder with --lake';
const FULL = 'is full; free some space or choose a folder on another disk with --lake';
const NO_FOLDER = 'holds a file where a folder should be; move that file away or choose another folder with --lake';

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EROFS: 'is on a read-only disk; choose a folder on another disk with --lake',
  ENOSPC: FULL,
  EDQUOT: 'is over its disk quota; free some space or choose another folder with --lake',
  EFBIG: 'may not hold a file of this size; raise the limit (ulimit -f) or choose a folder on another disk with --lake',
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EISDIR: 'holds a folder where an object should be; move that folder away or choose another folder with --lake',
  EIO: 'cannot be read or written: the disk reports an error; check the disk or choose another one with --lake',
  EMFILE: 'needs more open files than are allowed; raise the limit (ulimit -n) and run again',
  ENFILE: 'needs more open files than the machine has left; close other programs and run again',
};

/** Runs work on files of the lake and turns what the operating system refuses into a `LakeUnavailable`. */
export async function inLake<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(root, error);
  }
}

/** The same error, or a `LakeUnavailable` with the error as its cause. Also knows DuckDB's words for a full disk. */
export function explain(root: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LakeUnavailable) return error;
  const code = (error as NodeJS.ErrnoException).code ?? codeInWords(error.message);
  const sentence = code === undefined ? undefined : SENTENCES[code];
  if (sentence === undefined) return error;
  return new LakeUnavailable(`the lake ${root} ${sentence} (${code})`, { cause: error });
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'ENOSPC'],
  [/file too large/i, 'EFBIG'],
  [/read-only file system/i, 'EROFS'],
  [/permission denied/i, 'EACCES'],
  [/disk quota exceeded/i, 'EDQUOT'],
  [/too many open files/i, 'EMFILE'],
  [/input\/output error/i, 'EIO'],
];

/** DuckDB gives no error code, only what the operating system said. */
function codeInWords(message: string): string | undefined {
  if (!message.startsWith('IO Error')) return undefined;
  return WORDS.find(([words]) => words.test(message))?.[1];
}
