import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dictionaryPages } from '../scripts/dictionary-pages.ts';

const FOLDER = new URL('../docs/dictionary/', import.meta.url);

test('the committed data dictionary is the one that the contracts give; if not, run `npm run docs`', () => {
  const pages = dictionaryPages();
  expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(new URL(name, FOLDER), 'utf8')).toBe(text);
});
