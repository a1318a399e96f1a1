import { readFileSync } from 'node:fs';

/** Text of a file of `sql/<dataset>/alerts`; in a bundle it is in this function, see scripts/build-lambdas.ts. */
export function alertSql(dataset: string, query: string): string {
  return readFileSync(new URL(`../../sql/${dataset}/alerts/${query}.sql`, import.meta.url), 'utf8');
}
