import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SQL = fileURLToPath(new URL('../sql/', import.meta.url));

export interface SqlFile {
  /** Name of the file without `.sql`; of a view or a table, its name. */
  readonly name: string;
  readonly sql: string;
}

/** The statements of `sql/<dataset>/<folder>`, by name; none where the folder is missing. */
export function sqlFiles(dataset: string, folder: 'alerts' | 'checks' | 'curated' | 'views' | 'queries'): SqlFile[] {
  const path = `${SQL}${dataset}/${folder}`;
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.sql')) : [];
  return names
    .sort()
    .map((name) => ({ name: name.slice(0, -'.sql'.length), sql: readFileSync(`${path}/${name}`, 'utf8') }));
}

/** Puts `:name` parameters at their stated default, so that a saved query runs as it is. */
export function withDefaults(sql: string): string {
  return [...sql.matchAll(/^-- param: (\w+) (\w+) = (.+?) \|/gm)].reduce((text, [, name, type, value = '']) => {
    const literal = type === 'int' || type === 'number' ? value : `'${value.replaceAll("'", "''")}'`;
    return text.replace(new RegExp(`(?<![:\\w]):${name}\\b`, 'g'), () =>
      type === 'date' ? `date ${literal}` : literal,
    );
  }, sql);
}

/**
 * Those of `files` whose every relation is in `known` or is a view among them, each behind those that it reads.
 * Names of steps (`with name as`) are not relations.
 */
export function runnable(files: readonly SqlFile[], known: readonly string[]): SqlFile[] {
  const names = new Set(known);
  const ordered: SqlFile[] = [];
  let waiting = [...files];
  for (let found = true; found; ) {
    const ready = waiting.filter(({ sql }) => relationsOf(sql).every((name) => names.has(name)));
    for (const file of ready) names.add(file.name);
    ordered.push(...ready);
    waiting = waiting.filter((file) => !ready.includes(file));
    found = ready.length > 0;
  }
  return ordered;
}

/** Names of the relations that a statement reads, but for its own steps. */
export function relationsOf(sql: string): string[] {
  const code = sql.replace(/--.*$/gm, '').replace(/'(?:[^']|'')*'/g, "''");
  const steps = new Set([...code.matchAll(/(?:\bwith|,)\s+(\w+)\s+as\s*\(/g)].map(([, name]) => name));
  const read = [...code.matchAll(/\b(?:from|join)\s+([a-z_]\w*)(?!\w*\s*\()/g)].map(([, name = '']) => name);
  return [...new Set(read)].filter((name) => !steps.has(name));
}
