import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PseudonymKey, pseudonymKey } from '../core/etl/pseudonym.ts';
import { inLake } from './lake-unavailable.ts';
import { Scratch } from './scratch.ts';
import { writeSynced } from './write-file.ts';

/**
 * The key of a laptop's pseudonyms, made at its first need and kept in the lake, readable by its owner only. Whoever
 * removes it gets other pseudonyms from then on.
 */
export async function openPseudonymKey(root: string): Promise<PseudonymKey> {
  const path = join(root, '.keys', 'pseudonym.json');
  return inLake(root, async () => (await readKey(path)) ?? (await makeKey(root, path)));
}

async function readKey(path: string): Promise<PseudonymKey | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { version, secret } = JSON.parse(text) as { readonly version: number; readonly secret: string };
    return pseudonymKey(version, Buffer.from(secret, 'base64'));
  } catch {
    // The cause is left out: a parser's message may quote the secret.
    throw new Error(`${path} is no pseudonym key; put back the file as it was, or remove it and all pseudonyms change`);
  }
}

async function makeKey(root: string, path: string): Promise<PseudonymKey> {
  const temporary = await new Scratch(root).path('key');
  await mkdir(join(root, '.keys'), { recursive: true, mode: 0o700 });
  try {
    const secret = randomBytes(32).toString('base64');
    await writeSynced(temporary, `${JSON.stringify({ version: 1, secret })}\n`, 0o600);
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const key = await readKey(path);
  if (key === undefined) throw new Error(`${path} was removed while it was being made; run again`);
  return key;
}
