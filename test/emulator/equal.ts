import { isDeepStrictEqual } from 'node:util';

/** Throws what was compared, what was found and what is right where the two differ. */
export function equal(what: string, found: unknown, right: unknown): void {
  if (isDeepStrictEqual(inOrder(found), inOrder(right))) return;
  throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(right)}`);
}

function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
