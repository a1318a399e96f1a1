import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareSql, withDollars } from '../core/answers/statement-text.ts';
import { readParameter } from './bind-parameters.ts';

/** One statement of `sql/<dataset>/…`, by its file name. */
export interface SqlFile {
  readonly name: string;
  readonly sql: string;
}

export interface Parameter {
  readonly name: string;
  readonly type: 'int' | 'number' | 'text' | 'date';
  readonly byDefault: string;
  readonly description: string;
}

/** A named query with what its leading comments say of it. */
export interface NamedQuery extends SqlFile {
  readonly title: string;
  readonly question: string;
  readonly parameters: readonly Parameter[];
  /** Place in the report at the end of a run; undefined for most queries. */
  readonly report: number | undefined;
}

export interface AlertQuery extends SqlFile {
  readonly parameters: readonly Parameter[];
}

/** A query that returns the rows that offend. */
export interface Check extends SqlFile {
  readonly level: 'error' | 'warning';
  readonly check: string;
  /** Whether it is asked before each publication on this machine; the rest are asked when a person does. */
  readonly isForPublication: boolean;
}

export type SqlFolder = 'curated' | 'views' | 'queries' | 'checks' | 'alerts';

/** The statements of one folder, by name; none where the folder is missing. */
export async function readSql(sqlRoot: string, dataset: string, folder: SqlFolder): Promise<SqlFile[]> {
  const path = join(sqlRoot, dataset, folder);
  const names = (await readdir(path).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({ name: name.slice(0, -'.sql'.length), sql: await readFile(join(path, name), 'utf8') })),
  );
}

export async function readQueries(sqlRoot: string, dataset: string): Promise<NamedQuery[]> {
  return (await readSql(sqlRoot, dataset, 'queries')).map(namedQuery);
}

/** What alert rules ask, with the parameters that they are given. */
export async function readAlertQueries(sqlRoot: string, dataset: string): Promise<AlertQuery[]> {
  return (await readSql(sqlRoot, dataset, 'alerts')).map((file) => {
    const parameters = frontMatter(file.sql, 'param').map((text) => parameter(file.name, text));
    checkParameters(file, parameters);
    return { ...file, parameters };
  });
}

export async function readChecks(sqlRoot: string, dataset: string): Promise<Check[]> {
  return (await readSql(sqlRoot, dataset, 'checks')).map((file) => {
    const level = only(file, 'level');
    if (level !== 'error' && level !== 'warning') {
      throw new Error(`${file.name}.sql has the level '${level}', expected error or warning`);
    }
    const isForPublication = frontMatter(file.sql, 'when').includes('publication');
    return { ...file, level, check: only(file, 'check'), isForPublication };
  });
}

/** Reads the front matter: `-- key: value` lines at the top. */
export function namedQuery(file: SqlFile): NamedQuery {
  const report = frontMatter(file.sql, 'report')[0];
  const parameters = frontMatter(file.sql, 'param').map((text) => parameter(file.name, text));
  checkParameters(file, parameters);
  return {
    ...file,
    title: only(file, 'title'),
    question: only(file, 'question'),
    parameters,
    report: report === undefined ? undefined : Number(report),
  };
}

function checkParameters({ name, sql }: SqlFile, parameters: readonly Parameter[]): void {
  const declared = parameters.map((it) => it.name).sort();
  const used = [...withDollars(sql).names].sort();
  if (declared.join() !== used.join())
    throw new Error(`${name}.sql declares the parameters [${declared}] and uses [${used}], expected the same`);
  for (const { name: parameterName, type, byDefault } of parameters) readParameter(parameterName, type, byDefault);
}

/** Every name that the text uses as a relation could be: bare words, in lower case. */
export function wordsOf(sql: string): ReadonlySet<string> {
  return new Set(
    bareSql(sql)
      .toLowerCase()
      .match(/[a-z_][a-z0-9_]*/g) ?? [],
  );
}

/** The views so that each stands behind those that it reads. Throws for a circle. */
export function inDependencyOrder(views: readonly SqlFile[]): SqlFile[] {
  const ordered: SqlFile[] = [];
  const waiting = [...views];
  while (waiting.length > 0) {
    const next = waiting.findIndex((view) => {
      const words = wordsOf(view.sql);
      return !waiting.some((other) => other !== view && words.has(other.name));
    });
    if (next < 0)
      throw new Error(`the views ${waiting.map(({ name }) => name).join(', ')} need one another in a circle`);
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

function frontMatter(sql: string, key: string): string[] {
  const lines = sql.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const prefix = `-- ${key}: `;
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}

function only(file: SqlFile, key: string): string {
  const [value] = frontMatter(file.sql, key);
  if (!value) throw new Error(`${file.name}.sql says no ${key}: begin it with '-- ${key}: …'`);
  return value;
}

/** `name type = default | description`. */
function parameter(query: string, text: string): Parameter {
  const found = /^([a-z_]+) (int|number|text|date) = (.*?) \| (.+)$/.exec(text);
  if (found === null)
    throw new Error(`${query}.sql: found param '${text}', expected 'name type = default | description'`);
  const [, name = '', type, byDefault = '', description = ''] = found;
  return { name, type: type as Parameter['type'], byDefault, description };
}
