/** `npm run docs`: writes the data dictionary, one page a dataset and a list of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionaryPages } from './dictionary-pages.ts';

const folder = new URL('../docs/dictionary/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, text] of dictionaryPages()) {
  writeFileSync(new URL(name, folder), text);
  console.log(`wrote ${fileURLToPath(new URL(name, folder))}`);
}
