import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { datasets } from '../../datasets/index.ts';
import { differencesPage } from '../../scripts/differences-page.ts';
import { viewColumns } from '../../scripts/view-columns.ts';

const textOf = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(datasets.map((plan) => [plan.name, plan] as const))(
  'sql/%s/view-columns.json is what the engine describes; npm run docs writes it',
  async (name, plan) => {
    expect(await textOf(`sql/${name}/view-columns.json`)).toBe(await viewColumns(plan));
  },
);

test('docs/engine-differences.md is made of the tested tables; npm run docs writes it', async () => {
  expect(await textOf('docs/engine-differences.md')).toBe(await differencesPage());
});
