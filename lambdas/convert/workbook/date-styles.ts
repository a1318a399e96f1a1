import { MOST } from './limits.ts';
import type { Package } from './open-package.ts';
import { takeXml } from './read-xml.ts';

/** What a number stands for, by its format. */
export type Meaning = 'number' | 'day' | 'instant';

/** Formats that are not written out in the file (ECMA-376 part 1, 18.8.30, and those of East Asia). */
const BUILT_IN: readonly (readonly [first: number, last: number, meaning: Meaning])[] = [
  [14, 17, 'day'],
  [18, 22, 'instant'],
  [27, 36, 'day'],
  [45, 45, 'instant'],
  [47, 47, 'instant'],
  [50, 58, 'day'],
];

/** The meaning of each style that a cell can name, from 0. */
export async function readMeanings(pack: Package, part: string | undefined): Promise<readonly Meaning[]> {
  const meanings: Meaning[] = [];
  if (part === undefined) return meanings;
  const own = new Map<number, Meaning>();
  const parents: string[] = [];
  await takeXml(part, pack.read(part, MOST.descriptionBytes), {
    open(name, attributes) {
      const parent = parents.at(-1);
      parents.push(name);
      const id = Number(attributes.numFmtId ?? 0);
      if (name === 'numFmt' && parent === 'numFmts') own.set(id, meaningOf(attributes.formatCode ?? ''));
      if (name === 'xf' && parent === 'cellXfs') meanings.push(own.get(id) ?? builtIn(id));
    },
    close() {
      parents.pop();
    },
  });
  return meanings;
}

function builtIn(id: number): Meaning {
  return BUILT_IN.find(([first, last]) => id >= first && id <= last)?.[2] ?? 'number';
}

/** By the letters of the first section, what is quoted, escaped or in brackets aside; `[h]` counts hours, so is a number. */
export function meaningOf(format: string): Meaning {
  if (/\[(h+|m+|s+)\]/i.test(format)) return 'number';
  const [section = ''] = format.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';');
  if (/general/i.test(section)) return 'number';
  if (/[hs]/i.test(section)) return 'instant';
  return /[ymd]/i.test(section) ? 'day' : 'number';
}
