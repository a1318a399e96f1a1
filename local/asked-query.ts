import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SQL_ROOT } from './curated-sql.ts';
import { UsageError } from './exit-status.ts';
import { type NamedQuery, namedQuery, readQueries } from './sql-library.ts';

/** A named query of the dataset, or the file at a path. Throws a sentence with the names where there is neither. */
export async function queryFromFile(dataset: string, file: string): Promise<NamedQuery> {
  const queries = await readQueries(SQL_ROOT, dataset);
  const named = queries.find(({ name }) => name === basename(file, '.sql') && !existsSync(file));
  if (named) return named;
  if (!existsSync(file)) {
    const names = queries.map(({ name }) => name).join(', ');
    throw new UsageError(`no query is named '${file}' and no such file is there, expected a path or one of ${names}`);
  }
  const text = await readFile(file, 'utf8');
  const name = basename(file, '.sql');
  return text.includes('-- title: ') ? namedQuery({ name, sql: text }) : plainQuery(name, text);
}

/** A query that says nothing of itself; its parameters have the types of what they are compared with. */
export function plainQuery(name: string, sql: string): NamedQuery {
  return { name, sql, title: '', question: '', parameters: [], report: undefined };
}

/** Values by name from `name=value`. */
export function parametersFrom(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`found --param ${text}, expected --param name=value`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}
