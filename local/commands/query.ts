import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { datasetNamed, datasets } from '../../datasets/index.ts';
import { valueText } from '../answer.ts';
import { SQL_ROOT } from '../curated-sql.ts';
import { type Engine, openEngine, type Reading } from '../engine.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { type FileStore, openFileStore } from '../file-store.ts';
import { type AnswerWriter, csvWriter, type Format, jsonWriter, sheetWriter, tableWriter } from '../query-formats.ts';
import { runChecks } from '../run-checks.ts';
import { type NamedQuery, namedQuery, readQueries } from '../sql-library.ts';
import { renderTable } from '../terminal/table.ts';
import { openTextOutput, type TextOutput } from '../text-output.ts';

export interface QueryOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly file?: string;
  readonly param?: readonly string[];
  readonly list?: boolean;
  /** Run the dataset's checks instead of a query. */
  readonly checks?: boolean;
  readonly engine: 'duckdb' | 'trino' | 'athena';
  readonly format: Format;
  readonly out?: string;
  /** Rows that a table shows at most. */
  readonly limit?: number;
}

const TABLE_ROWS = 200;

/** Answers SQL, or a named query, over the lake; what Athena would scan and charge goes to standard error. */
export async function query(options: QueryOptions, sql: string | undefined): Promise<ExitStatus> {
  datasetNamed(options.dataset);
  if (options.list) return listQueries(options.dataset);
  if (options.checks) return check(options);
  if (options.engine !== 'duckdb')
    throw new Error(`the engine '${options.engine}' comes in a later release; use duckdb`);
  if ((options.format === 'parquet' || options.format === 'xlsx') && options.out === undefined) {
    throw new UsageError(`--format ${options.format} needs --out FILE`);
  }
  const asked = await askedFor(options, sql);
  const engine = await openEngine(await lakeOf(options), datasets, {
    ...(options.format === 'parquet' && options.out !== undefined ? { parquetFile: partOf(options.out) } : {}),
  });
  try {
    await answer(engine, asked, options);
  } finally {
    await engine.close();
  }
  return EXIT.done;
}

async function lakeOf({ lake }: QueryOptions): Promise<FileStore> {
  if (existsSync(lake)) return openFileStore(lake);
  throw new Error(`there is no lake in '${lake}': take a file in first, as in npx laketwin run --no-serve`);
}

/** Fails where the lake broke a promise; what is only odd in the source is told. */
async function check(options: QueryOptions): Promise<ExitStatus> {
  const engine = await openEngine(await lakeOf(options), datasets, { estimatesScans: false });
  try {
    const results = await runChecks(engine, datasetNamed(options.dataset));
    const rows = results.map(({ name, level, promise, offending, examples }) => [
      name,
      offending === 0 ? 'holds' : level,
      offending,
      [promise, ...examples.map((row) => `  ${row.map(valueText).join(', ')}`)].join('\n'),
    ]);
    console.log(renderTable(['check', 'state', 'rows', 'promise, and the first rows that offend'], rows));
    return results.some(({ level, offending }) => level === 'error' && offending > 0) ? EXIT.failed : EXIT.done;
  } finally {
    await engine.close();
  }
}

/** A file is there whole, under its name, or not at all. */
async function answer(engine: Engine, asked: NamedQuery, options: QueryOptions): Promise<void> {
  const { format, out, limit = TABLE_ROWS } = options;
  const given = parameters(options.param ?? []);
  const part = partOf(out);
  const text = format === 'parquet' || format === 'xlsx' ? undefined : openTextOutput(part);
  try {
    const reading =
      format === 'parquet'
        ? await engine.writeParquet(asked.sql, given, asked.parameters)
        : await read(engine, writerOf(format, text, String(part), limit), asked, given);
    await text?.end();
    if (part !== undefined && out !== undefined) await rename(part, out);
    console.error(`${account(reading)}${out === undefined ? '' : `, written to ${out}`}`);
  } catch (error) {
    await text?.end().catch(() => {});
    if (part !== undefined) await rm(part, { force: true });
    throw error;
  }
}

async function read(
  engine: Engine,
  writer: AnswerWriter,
  asked: NamedQuery,
  given: Readonly<Record<string, string>>,
): Promise<Reading> {
  const reading = await engine.read(writer, asked.sql, given, asked.parameters);
  await writer.end();
  return reading;
}

function writerOf(format: Exclude<Format, 'parquet'>, text: TextOutput | undefined, out: string, limit: number) {
  const write = (more: string) => text?.write(more) ?? Promise.resolve();
  if (format === 'xlsx') return sheetWriter(out);
  if (format === 'table') return tableWriter(write, limit);
  return format === 'csv' ? csvWriter(write) : jsonWriter(write);
}

function partOf(out: string | undefined): string | undefined {
  return out === undefined ? undefined : `${resolve(out)}.part`;
}

/** The statement of the command line, of a named query or of a file. */
async function askedFor(options: QueryOptions, sql: string | undefined): Promise<NamedQuery> {
  if ((sql === undefined) === (options.file === undefined)) {
    throw new UsageError(
      'give one of: a select in quotes, or --file with a named query or a path; --list shows the names',
    );
  }
  if (sql !== undefined) return plainQuery('command line', sql);
  const queries = await readQueries(SQL_ROOT, options.dataset);
  const file = String(options.file);
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
function plainQuery(name: string, sql: string): NamedQuery {
  return { name, sql, title: '', question: '', parameters: [], report: undefined };
}

function parameters(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`found --param ${text}, expected --param name=value`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

function account({ rowCount, seconds, scan }: Reading): string {
  const rows = `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'} in ${(seconds * 1000).toFixed(0)} ms`;
  if (scan === undefined) return rows;
  const size = scan.bytes < 1e6 ? `${(scan.bytes / 1e3).toFixed(0)} kB` : `${(scan.bytes / 1e6).toFixed(1)} MB`;
  const price = scan.billedBytes === 0 ? 'nothing' : `${scan.usd.toFixed(5)} $`;
  return `${rows}; estimate: Athena would scan ${size} and charge ${price}`;
}

async function listQueries(dataset: string): Promise<ExitStatus> {
  const rows = (await readQueries(SQL_ROOT, dataset)).map(({ name, question, parameters: declared }) => [
    name,
    question,
    declared.map((it) => `${it.name} (${it.type}) = ${it.byDefault}: ${it.description}`).join('\n'),
  ]);
  console.log(renderTable(['--file', 'question', '--param'], rows));
  console.log('run one with: npx laketwin query --file NAME --param name=value');
  return EXIT.done;
}
