import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareSql } from '../../core/answers/statement-text.ts';
import { storedColumns } from '../../core/contract/plan.ts';
import { putCheckRecords } from '../../core/lake/check-results.ts';
import { MODEL_TABLES } from '../../core/model/score-tables.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { datasets } from '../../datasets/index.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { checkDialect } from '../../local/dialect.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { runChecks } from '../../local/run-checks.ts';
import { readChecks, readQueries, readSql } from '../../local/sql-library.ts';
import { aBooking, takeIn } from './bookings-lake.ts';
import { putModelTables } from './scored-lake.ts';

const FOLDERS = ['curated', 'views', 'queries', 'checks', 'alerts'] as const;
const files = (
  await Promise.all(
    datasets.flatMap(({ name: dataset }) =>
      FOLDERS.map(async (folder) =>
        (await readSql(SQL_ROOT, dataset, folder)).map((file) => ({ ...file, dataset, folder })),
      ),
    ),
  )
).flat();
const views = files.filter(({ folder }) => folder === 'views');
const queries = (await Promise.all(datasets.map(({ name }) => readQueries(SQL_ROOT, name)))).flat();

let root: string;
let empty: Engine;
let small: Engine;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'laketwin-sql-files-'));
  empty = await openEngine(await openFileStore(join(root, 'empty')), datasets);
  const store = await openFileStore(join(root, 'small'));
  const { keyRange = [] } = await takeIn(store, {
    name: 'a',
    bookings: [
      aBooking(),
      aBooking({ event_time: '2026-02-28T12:00:00.000Z' }),
      aBooking({ booking_complete: true, event_time: '2026-03-01T12:00:00.000Z' }),
    ],
    rejected: ['route:pattern'],
  });
  await putModelTables(store, keyRange, '2026-03-11');
  const checkedAt = '2026-04-01T00:00:00.000Z';
  const said = { dataset: 'bookings', run: 'a', checkedAt, level: 'warning', isOverruled: false } as const;
  await putCheckRecords(store, [{ ...said, name: 'route-in-order', isKept: false }]);
  small = await openEngine(store, datasets);
});

afterAll(async () => {
  await empty?.close();
  await small?.close();
  await rm(root, { recursive: true, force: true });
});

describe.each(files)('sql/$dataset/$folder/$name.sql', ({ sql }) => {
  test('keeps to what Athena and DuckDB answer alike', () => {
    expect(() => checkDialect(sql)).not.toThrow();
  });

  test('begins with a comment, is in lower case, names its columns and divides no whole numbers', () => {
    expect(sql).toMatch(/^-- /);
    const bare = bareSql(sql);
    expect(bare).toBe(bare.toLowerCase());
    expect(bare).not.toMatch(/select\s+\*|\.\*|\(\s*select\s+\*/);
    for (const [division] of bare.matchAll(/[^\n]*\/[^\n]*/g)) expect(division).toMatch(/[12]e0 \*/);
  });
});

describe.each(views)('the view $name', ({ name, sql }) => {
  test('answers on an empty lake and on a small one', async () => {
    await empty.query(`select count(*) from ${name}`);
    expect((await small.query(`select count(*) from ${name}`)).rows[0]?.[0]).toBeGreaterThan(0n);
  });

  test('says what one row is, and has columns that Parquet and Athena hold', async () => {
    expect(sql).toMatch(/^-- One row/);
    const { rows } = await empty.query(
      `select column_name, data_type from information_schema.columns where table_name = '${name}'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const [, type] of rows) expect(type).toMatch(/^(VARCHAR|BIGINT|INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP)$/);
  });
});

test.each(queries)(
  'the query $name answers with its defaults on an empty lake and on a small one, in a fixed order',
  async ({ sql, parameters }) => {
    await empty.query(sql, {}, parameters);
    await small.query(sql, {}, parameters);
    expect(sql).toMatch(/\norder by [^\n]+\n$/);
    for (const part of (/\norder by ([^\n]+)\n$/.exec(sql)?.[1] ?? '').split(', '))
      expect(part).toMatch(/ nulls last$/);
  },
);

test('all checks hold on a lake as it should be, and on an empty one but that it is empty', async () => {
  expect((await readChecks(SQL_ROOT, 'bookings')).length).toBeGreaterThanOrEqual(9);
  for (const engine of [empty, small]) {
    const broken = (await runChecks(engine, bookings)).filter(({ offending }) => offending > 0);
    const expected = engine === small ? [] : [['contract-of-bookings', [['not-empty', 1n]]]];
    expect(broken.map(({ name, examples }) => [name, examples])).toEqual(expected);
  }
});

test('views that people compare groups by give attempts, completed, the rate, its interval and a mark for small samples', () => {
  const rates = files.filter(({ sql }) => /as rate_low/.test(sql));
  expect(rates.length).toBeGreaterThanOrEqual(12);
  const formulas = (name: string) => new Set(rates.map(({ sql }) => new RegExp(`.* as ${name}`).exec(sql)?.[0].trim()));
  for (const name of ['completion_rate', 'rate_low', 'rate_high', 'is_small_sample'])
    expect([...formulas(name)]).toHaveLength(1);
  for (const { sql } of rates) expect(sql).toMatch(/attempts,\n +completed,\n|completed,\n +round\(1e0/);
});

test('views for marketing and the direction read the curated table and the scores only', () => {
  const open = ['bookings', ...MODEL_TABLES.map(({ name }) => name), ...views.map(({ name }) => name)];
  for (const { name, sql } of views) {
    const read = [...bareSql(sql).matchAll(/\b(?:from|join)\s+(\w+)/g)].map(([, relation]) => relation);
    if (/ledger|rejected|checks/.test(name)) continue;
    const steps = [...bareSql(sql).matchAll(/(\w+) as \(/g)].map(([, step]) => step);
    expect([
      name,
      read.filter((relation) => !steps.includes(relation ?? '') && !open.includes(relation ?? '')),
    ]).toEqual([name, []]);
  }
});

test('the curated table keeps every stored column of the contract that tells of no person', async () => {
  for (const dataset of datasets) {
    const sql = await readFile(join(SQL_ROOT, dataset.name, 'curated', `${dataset.name}.sql`), 'utf8');
    const missing = storedColumns(dataset).filter(
      ({ name, privacy }) => privacy === 'none' && !new RegExp(`\\n {2}${name},`).test(sql),
    );
    expect(missing).toEqual([]);
  }
});
