import { readdirSync, readFileSync } from 'node:fs';
import type { ViewTexts } from '../../core/dashboards/visual-sql.ts';

/** Files of `sql/<dataset>/views`; in a bundle they are in this function, see scripts/build-lambdas.ts. */
export function viewTexts(dataset: string): ViewTexts {
  const folder = new URL(`../../sql/${dataset}/views/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file.replace(/\.sql$/, ''), sql: readFileSync(new URL(file, folder), 'utf8') }));
}
