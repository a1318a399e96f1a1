import type { Lake, Placed } from '../lake.ts';

/** One promise of the lake about its resources of some types. */
export interface Rule {
  /** Without its `laketwin:`. */
  readonly id: string;
  /** What holds for each of them: a sentence. */
  readonly meaning: string;
  /** Types of CloudFormation; none for a rule about the stacks themselves. */
  readonly types: readonly string[];
  /** What is wrong with this resource, with what was found and what would be right; nothing where it is as it should be. */
  test(resource: Placed, lake: Lake): readonly string[] | string | undefined;
}

/** What stands at a path such as `A.B.0.C`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, part) => Object(inner)[part], value);
}

/** The items of a list, and the one of a value that stands alone, as policies write it. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Refuses any other value at the path. */
export function expectValue(value: unknown, path: string, expected: unknown): string | undefined {
  const found = at(value, path);
  return found === expected ? undefined : unexpected(path, found, JSON.stringify(expected));
}

/** Refuses an empty text, an empty list and nothing at all. */
export function expectSome(value: unknown, path: string, what: string): string | undefined {
  const found = at(value, path);
  const isEmpty = found === undefined || found === null || found === '' || (Array.isArray(found) && found.length === 0);
  return isEmpty ? unexpected(path, found, what) : undefined;
}

/** Refuses what is not a number within both bounds. */
export function expectNumber(value: unknown, path: string, least: number, most: number): string | undefined {
  const found = at(value, path);
  const isWithin = typeof found === 'number' && found >= least && found <= most;
  return isWithin ? undefined : unexpected(path, found, `a number from ${least} to ${most}`);
}

/** Those of several answers that found something. */
export function all(...answers: readonly (string | undefined)[]): string[] {
  return answers.filter((answer) => answer !== undefined);
}

export function unexpected(path: string, found: unknown, expected: string): string {
  return `${path} is ${JSON.stringify(found) ?? 'missing'}, expected ${expected}`;
}
