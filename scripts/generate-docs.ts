/** `npm run docs`: writes the data dictionary, one page a dataset and a list of them, and the figures of the cost page. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prod } from '../lib/environments.ts';
import { costPage } from '../proof/cost/cost-page.ts';
import { synthesise } from '../proof/cost/synthesise.ts';
import { dictionaryPages } from './dictionary-pages.ts';

const folder = new URL('../docs/dictionary/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, text] of dictionaryPages()) {
  writeFileSync(new URL(name, folder), text);
  console.log(`wrote ${fileURLToPath(new URL(name, folder))}`);
}

const page = new URL('../docs/cost.md', import.meta.url);
writeFileSync(page, costPage(readFileSync(page, 'utf8'), await synthesise(prod)));
console.log(`wrote ${fileURLToPath(page)}`);
