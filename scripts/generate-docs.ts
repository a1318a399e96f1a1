/**
 * `npm run docs`: writes the data dictionary, one page a dataset and a list of them, the columns of the views, the page
 * of the engines' differences, what QuickSight is given, and the figures of the cost page.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { datasets } from '../datasets/index.ts';
import { prod } from '../lib/environments.ts';
import { costPage } from '../proof/cost/cost-page.ts';
import { synthesise } from '../proof/cost/synthesise.ts';
import { dictionaryPages } from './dictionary-pages.ts';
import { differencesPage } from './differences-page.ts';
import { quicksightReview } from './quicksight-review.ts';
import { viewColumns } from './view-columns.ts';

const folder = new URL('../docs/dictionary/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, text] of dictionaryPages()) {
  writeFileSync(new URL(name, folder), text);
  console.log(`wrote ${fileURLToPath(new URL(name, folder))}`);
}

for (const plan of datasets) {
  const columns = new URL(`../sql/${plan.name}/view-columns.json`, import.meta.url);
  writeFileSync(columns, await viewColumns(plan));
  console.log(`wrote ${fileURLToPath(columns)}`);
}

const differences = new URL('../docs/engine-differences.md', import.meta.url);
writeFileSync(differences, await differencesPage());
console.log(`wrote ${fileURLToPath(differences)}`);

const review = new URL('../docs/quicksight-review.md', import.meta.url);
writeFileSync(review, quicksightReview());
console.log(`wrote ${fileURLToPath(review)}`);

const page = new URL('../docs/cost.md', import.meta.url);
writeFileSync(page, costPage(readFileSync(page, 'utf8'), await synthesise(prod)));
console.log(`wrote ${fileURLToPath(page)}`);
