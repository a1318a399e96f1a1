import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { valueText } from '../../core/answers/answer-value.ts';
import { datasetNamed, datasets } from '../../datasets/index.ts';
import { parametersFrom, plainQuery, queryFromFile } from '../asked-query.ts';
import { SQL_ROOT } from '../curated-sql.ts';
import { type Engine, openEngine, type Reading } from '../engine.ts';
import { type AthenaPlace, athenaEngine } from '../engines/athena-engine.ts';
import type { QueryEngine } from '../engines/query-engine.ts';
import { trinoEngine } from '../engines/trino-engine.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { type FileStore, openFileStore } from '../file-store.ts';
import { parquetWriter } from '../parquet-answer.ts';
import { type AnswerWriter, csvWriter, type Format, jsonWriter, sheetWriter, tableWriter } from '../query-formats.ts';
import { promptForQueries } from '../query-prompt.ts';
import { runChecks } from '../run-checks.ts';
import type { ScanEstimate } from '../scan-estimate.ts';
import { type NamedQuery, readQueries } from '../sql-library.ts';
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
  /** Ask for one query after the other. */
  readonly interactive?: boolean;
  /** Address of a running Trino. */
  readonly server?: string;
  readonly catalog?: string;
  readonly schema?: string;
  /** The deployed lake of the environment that was named. */
  readonly athena?: AthenaPlace;
  /** Bytes that the analysts' workgroup lets one query scan. */
  readonly scanLimitBytes?: number;
}

const TABLE_ROWS = 200;

/** Answers SQL, or a named query, over the lake; what Athena would scan and charge goes to standard error first. */
export async function query(options: QueryOptions, sql: string | undefined): Promise<ExitStatus> {
  datasetNamed(options.dataset);
  if (options.list) return listQueries(options.dataset);
  if (options.checks) return check(options);
  if (options.interactive) return interact(options);
  if ((options.format === 'parquet' || options.format === 'xlsx') && options.out === undefined) {
    throw new UsageError(`--format ${options.format} needs --out FILE`);
  }
  const asked = await askedFor(options, sql);
  const engine = await engineFor(options);
  try {
    await answer(engine, asked, options);
  } finally {
    await engine.close();
  }
  return EXIT.done;
}

async function engineFor(options: QueryOptions): Promise<QueryEngine | Engine> {
  const { engine, server, catalog = 'awsdatacatalog', schema = 'default', athena } = options;
  if (engine === 'trino') {
    if (server === undefined) throw new UsageError('--engine trino needs --server, as in http://localhost:8080');
    return trinoEngine({ url: server.replace(/\/$/, ''), catalog, schema });
  }
  if (engine === 'athena') {
    if (athena === undefined) throw new UsageError('--engine athena needs --env, the environment that is asked');
    if (options.scanLimitBytes !== undefined)
      console.error(`the workgroup ${athena.workGroup} stops a query at ${sizeText(options.scanLimitBytes)}`);
    return athenaEngine(athena);
  }
  return openEngine(await lakeOf(options), datasets, {
    onEstimate: (scan) => judge(scan, options.scanLimitBytes),
    ...(options.format === 'parquet' && options.out !== undefined ? { parquetFile: partOf(options.out) } : {}),
  });
}

/** Tells what Athena would do, and refuses what it would stop. */
function judge(scan: ScanEstimate, limit = Number.POSITIVE_INFINITY): void {
  if (scan.bytes > limit) {
    throw new Error(
      `the query would scan ${sizeText(scan.bytes)} (${priceText(scan)}), above the ${sizeText(limit)} that the ` +
        'workgroup allows one query: ask for fewer columns or days, or raise --max-scan',
    );
  }
  // A query over no file is free, and so is what the prompt asks for itself.
  if (scan.billedBytes > 0)
    console.error(`estimate: Athena would scan ${sizeText(scan.bytes)} and charge ${priceText(scan)}`);
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

async function interact(options: QueryOptions): Promise<ExitStatus> {
  const engine = await engineFor(options);
  try {
    await promptForQueries(engine, { dataset: options.dataset, schema: schemaOf(options) }, (asked) =>
      answer(engine, asked, { ...options, param: [] }),
    );
  } finally {
    await engine.close();
  }
  return EXIT.done;
}

/** Where the engine keeps the lake's relations. */
function schemaOf({ engine, schema = 'default', athena }: QueryOptions): string {
  return engine === 'duckdb' ? 'main' : (engine === 'athena' && athena?.database) || schema;
}

/** A file is there whole, under its name, or not at all. */
async function answer(engine: QueryEngine | Engine, asked: NamedQuery, options: QueryOptions): Promise<void> {
  const { format, out, limit = TABLE_ROWS } = options;
  const given = parametersFrom(options.param ?? []);
  const part = partOf(out);
  const text = format === 'parquet' || format === 'xlsx' ? undefined : openTextOutput(part);
  try {
    const reading =
      format === 'parquet' && 'writeParquet' in engine
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
  engine: QueryEngine,
  writer: AnswerWriter,
  asked: NamedQuery,
  given: Readonly<Record<string, string>>,
): Promise<Reading> {
  const reading = await engine.read(writer, asked.sql, given, asked.parameters);
  await writer.end();
  return reading;
}

function writerOf(format: Format, text: TextOutput | undefined, out: string, limit: number) {
  const write = (more: string) => text?.write(more) ?? Promise.resolve();
  if (format === 'xlsx') return sheetWriter(out);
  if (format === 'parquet') return parquetWriter(out);
  if (format === 'table') return tableWriter(write, limit);
  return format === 'csv' ? csvWriter(write) : jsonWriter(write);
}

function partOf(out: string | undefined): string | undefined {
  return out === undefined ? undefined : `${resolve(out)}.part`;
}

/** The statement of the command line, of a named query or of a file. */
async function askedFor({ file, dataset }: QueryOptions, sql: string | undefined): Promise<NamedQuery> {
  if (sql !== undefined && file === undefined) return plainQuery('command line', sql);
  if (sql === undefined && file !== undefined) return queryFromFile(dataset, file);
  throw new UsageError(
    'give one of: a select in quotes, --file with a named query or a path, or --interactive; --list shows the names',
  );
}

function account({ rowCount, seconds, scanned }: Reading): string {
  const rows = `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'} in ${(seconds * 1000).toFixed(0)} ms`;
  return scanned === undefined ? rows : `${rows}; Athena scanned ${sizeText(scanned.bytes)}: ${priceText(scanned)}`;
}

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function priceText({ billedBytes, usd }: ScanEstimate): string {
  return billedBytes === 0 ? 'nothing' : `${usd.toFixed(5)} $`;
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
