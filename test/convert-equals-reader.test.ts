import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkSql } from '../core/contract/bulk-sql.ts';
import { planOf } from '../core/contract/define-dataset.ts';
import { sqlText } from '../core/contract/duckdb-type.ts';
import { type DatasetPlan, type LakeType, sourceColumns, storedColumns } from '../core/contract/plan.ts';
import { mapHeader } from '../core/etl/header-map.ts';
import { compilePseudonymiser } from '../core/etl/pseudonym.ts';
import { compileRowReader, type Row } from '../core/etl/read-row.ts';
import { bookings } from '../datasets/bookings/contract.ts';
import { convertObject } from '../lambdas/convert/convert-object.ts';
import { frameSource } from '../lambdas/convert/frame-source.ts';
import { setPseudonymKey } from '../lambdas/convert/pseudonym-variables.ts';
import { type RecordFormat, readLine } from '../lambdas/convert/read-line.ts';
import { type FileStore, openFileStore } from '../local/file-store.ts';
import { linesOf } from '../local/lines-of.ts';
import { RECEIVED, TEST_KEY } from './convert-input.ts';
import { businessInvoices } from './fixtures/business-invoices.ts';
import { ecommerceEvents } from './fixtures/ecommerce-events.ts';
import { jobOffers } from './fixtures/job-offers.ts';
import { csvOf, jsonLinesOf } from './source-files.ts';

const PLANS = [bookings, ecommerceEvents, jobOffers, businessInvoices].map(planOf);
/** Lists and structures are always left to the row reader, so job offers are not among them. */
const FLAT_PLANS = PLANS.filter(({ name }) => name !== 'job_offers');
const FORMATS = { csv: csvOf, json: jsonLinesOf };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-equality-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(PLANS)('$name', (plan) => {
  test.each(Object.entries(FORMATS))(
    'a %s file becomes what the row reader makes of each of its lines',
    async (kind, write) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer(),
          fc.constantFrom(200, 6000),
          fc.constantFrom(0.02, 0.3),
          async (seed, rows, broken) => {
            const source = write(plan, rows, seed, { odd: broken, broken: broken / 4 });
            const path = join(folder, `${plan.name}-${seed}.${kind}`);
            await writeFile(path, source);
            try {
              const { expected, found } = await both(plan, path, source);
              expect(firstDifference(found.rejected, expected.rejected)).toBeUndefined();
              expect(firstDifference([...found.accepted], [...expected.accepted])).toBeUndefined();
              expect(found.cleaned).toEqual(expected.cleaned);
            } finally {
              await rm(path);
            }
          },
        ),
        { numRuns: 6 },
      );
    },
    300_000,
  );
});

describe.each(FLAT_PLANS)('$name', (plan) => {
  test.each(Object.entries(FORMATS))('SQL is sure of 99 % of the good rows of a tidy %s file', async (kind, write) => {
    const lines = write(plan, 5000, 1, { odd: 0, broken: 0 }).trimEnd().split('\n');
    const header = mapHeader(
      plan,
      sourceColumns(plan).map(({ name }) => name),
    );
    const format: RecordFormat = kind === 'json' ? { kind } : { kind: 'csv', delimiter: ',', header };
    const records = kind === 'json' ? lines : lines.slice(1);
    const reader = compileRowReader(plan, { pseudonymise: compilePseudonymiser(TEST_KEY) });
    const position = {
      source: 'batch',
      ingestedAt: RECEIVED.toISOString(),
      checksum: 'ab'.repeat(32),
      line: 2,
    } as const;
    const good = records.filter((line) => readLine(line, format, reader, position).outcome.rejection === undefined);
    expect(good.length).toBeGreaterThan(4000);
    const sql = bulkSql(plan, { format, checksum: 'ab'.repeat(32), ingestedAt: RECEIVED.toISOString() });
    const connection = await (await DuckDBInstance.create()).connect();
    await setPseudonymKey(connection, TEST_KEY);
    await connection.run('CREATE TABLE lines (line VARCHAR, line_number BIGINT)');
    const appender = await connection.createAppender('lines');
    for (const [index, line] of good.entries()) {
      appender.appendVarchar(line);
      appender.appendBigInt(BigInt(index));
      appender.endRow();
    }
    appender.closeSync();
    const [row] = (
      await connection.runAndReadAll(`SELECT count_if(sure) FROM (${sql.cleanedRows('lines')})`)
    ).getRows();
    expect(Number(row?.[0]) / good.length).toBeGreaterThanOrEqual(0.99);
  });
});

/** Rows and lines may come in any order. Only the first difference is told, because a file has thousands of rows. */
function firstDifference(found: readonly unknown[], expected: readonly unknown[]): unknown {
  const ours = new Set(found.map((item) => JSON.stringify(item)));
  const theirs = new Set(expected.map((item) => JSON.stringify(item)));
  const extra = [...ours].find((item) => !theirs.has(item));
  const missing = [...theirs].find((item) => !ours.has(item));
  return extra === undefined && missing === undefined && found.length === expected.length
    ? undefined
    : { extra, missing };
}

interface Outcome {
  /** Line to the row as text. */
  readonly accepted: ReadonlyMap<number, string>;
  readonly rejected: readonly string[];
  readonly cleaned: Readonly<Record<string, number>>;
}

async function both(plan: DatasetPlan, path: string, source: string): Promise<{ expected: Outcome; found: Outcome }> {
  const checksum = createHash('sha256').update(source).digest('hex');
  const store = await openFileStore(join(folder, checksum));
  const scratch = await store.scratch.folder('test');
  try {
    const expected = await readAll(plan, path, checksum, scratch);
    const entry = await convertObject({
      plan,
      path,
      checksum,
      name: 'source',
      sizeBytes: source.length,
      receivedAt: RECEIVED,
      store,
      scratch,
      pseudonymKey: TEST_KEY,
    });
    expect(entry.rowsIn).toBe(expected.accepted.size + expected.rejected.length);
    const keys = new Set([...expected.accepted.values()].map((row) => keyOf(plan, row)));
    expect(entry.duplicates).toBe(expected.accepted.size - keys.size);
    return { expected, found: { ...(await readLake(plan, store, entry)), cleaned: entry.cleaned } };
  } finally {
    await rm(store.root, { recursive: true, force: true });
  }
}

function keyOf(plan: DatasetPlan, row: string): string {
  const values = JSON.parse(row) as Record<string, unknown>;
  return JSON.stringify(plan.key.map((name) => values[name]));
}

async function readAll(plan: DatasetPlan, path: string, checksum: string, scratch: string): Promise<Outcome> {
  const { format, shards } = await frameSource(path, {
    scratch,
    knownColumns: sourceColumns(plan).map(({ name }) => name),
  });
  const reader = compileRowReader(plan, { pseudonymise: compilePseudonymiser(TEST_KEY) });
  const record: RecordFormat =
    format.kind === 'json'
      ? { kind: 'json' }
      : { kind: 'csv', delimiter: format.delimiter, header: mapHeader(plan, format.header) };
  const accepted = new Map<number, string>();
  const rejected: string[] = [];
  const cleaned: Record<string, number> = {};
  for await (const shard of shards) {
    let line = shard.firstLine;
    for await (const text of linesOf(shard.path)) {
      const position = { source: 'batch', ingestedAt: RECEIVED.toISOString(), checksum, line } as const;
      if (text !== '\x1e') {
        const { outcome, raw } = readLine(text, record, reader, position);
        if (outcome.rejection !== undefined)
          rejected.push(
            JSON.stringify([
              line,
              `${outcome.rejection.column}:${outcome.rejection.rule}`,
              `>${outcome.rejection.message}`,
              `>${raw}`,
            ]),
          );
        else {
          accepted.set(line, rowText(plan, markedRow(plan, outcome.row)));
          for (const rule of outcome.cleaned) cleaned[rule] = (cleaned[rule] ?? 0) + 1;
        }
      }
      line++;
    }
  }
  return { accepted, rejected: rejected.sort(), cleaned };
}

async function readLake(
  plan: DatasetPlan,
  store: FileStore,
  entry: { files: readonly { key: string }[]; rejectedFiles: readonly { key: string }[] },
) {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const accepted = new Map<number, string>();
  const rejected: string[] = [];
  for (const { key } of entry.files) {
    const columns = storedColumns(plan).map(({ name, type }) => `${plainSql(type, `"${name}"`)} AS "${name}"`);
    const query = `SELECT ${columns.join(', ')} FROM read_parquet(${sqlText(store.pathOf('processed', key))})`;
    for (const row of (await connection.runAndReadAll(query)).getRowObjectsJson()) {
      accepted.set(Number(row.source_line), rowText(plan, row as Row));
    }
  }
  for (const { key } of entry.rejectedFiles) {
    const query = `SELECT source_line::INTEGER, reason, '>' || message, '>' || raw FROM read_parquet(${sqlText(store.pathOf('rejected', key))})`;
    for (const row of (await connection.runAndReadAll(query)).getRowsJson()) rejected.push(JSON.stringify(row));
  }
  return { accepted, rejected: rejected.sort() };
}

/** SQL of a value as the row reader would write it. DuckDB's decoder eats a byte order mark: texts get a `>` before. */
function plainSql(type: LakeType, value: string): string {
  switch (type.kind) {
    case 'string':
      return `'>' || ${value}`;
    case 'timestamp':
      return `strftime(${value}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    case 'array':
      return `[${plainSql(type.element.type, 'x')} FOR x IN ${value}]`;
    case 'struct':
      return `CASE WHEN ${value} IS NOT NULL THEN {${type.fields.map((field) => `'${field.name}': ${plainSql(field.type, `${value}."${field.name}"`)}`).join(', ')}} END`;
    default:
      return value;
  }
}

function markedRow(plan: DatasetPlan, row: Row): Row {
  return Object.fromEntries(storedColumns(plan).map(({ name, type }) => [name, marked(type, row[name])]));
}

function marked(type: LakeType, value: unknown): unknown {
  if (value === null) return null;
  if (type.kind === 'string') return `>${value}`;
  if (type.kind === 'array') return (value as unknown[]).map((item) => marked(type.element.type, item));
  if (type.kind !== 'struct') return value;
  return Object.fromEntries(type.fields.map((field) => [field.name, marked(field.type, (value as Row)[field.name])]));
}

function rowText(plan: DatasetPlan, row: Row): string {
  return JSON.stringify(Object.fromEntries(storedColumns(plan).map(({ name }) => [name, row[name]])), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
