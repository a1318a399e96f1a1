import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../shared/data/', import.meta.url);

/**
 * Path of a file of the real data that lies beside the checkout, never inside it.
 *
 * Throws in continuous integration when the folder is missing; elsewhere returns undefined, so that a
 * clone without it can still run the rest.
 */
export function sharedData(name: string): string | undefined {
  const path = fileURLToPath(new URL(name, FOLDER));
  if (existsSync(path)) return path;
  if (process.env.CI === 'true') throw new Error(`the real data is missing: put '${name}' under ../shared/data`);
  return undefined;
}
